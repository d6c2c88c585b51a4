package io.github.selectors4j.internal.fileobject;

import io.github.selectors4j.internal.loading.Platform;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.stream.Stream;

/**
 * The private members of the JDK that lead from a file object to its descriptor, and to a channel
 * over one that the JDK's own selectors take.
 */
public final class JdkMembers {

  static final JdkMember DESCRIPTOR_NUMBER =
      JdkMember.field(
          "java.io.FileDescriptor",
          "fd",
          "I",
          FileDescriptor.class,
          FileInputStream.class,
          FileOutputStream.class,
          RandomAccessFile.class,
          FileChannel.class,
          BufferedInputStream.class,
          BufferedOutputStream.class,
          PrintStream.class,
          Socket.class,
          ServerSocket.class);
  static final JdkMember DESCRIPTOR_FIRST_STREAM =
      JdkMember.field(
          "java.io.FileDescriptor",
          "parent",
          "Ljava/io/Closeable;",
          BufferedInputStream.class,
          PrintStream.class);
  static final JdkMember INPUT_BELOW =
      JdkMember.field(
          "java.io.FilterInputStream", "in", "Ljava/io/InputStream;", BufferedInputStream.class);
  static final JdkMember OUTPUT_BELOW =
      JdkMember.field(
          "java.io.FilterOutputStream",
          "out",
          "Ljava/io/OutputStream;",
          BufferedOutputStream.class,
          PrintStream.class);
  static final JdkMember PROCESS_INPUT =
      JdkMember.type("java.lang.ProcessImpl$ProcessPipeInputStream", BufferedInputStream.class);
  static final JdkMember PROCESS_OUTPUT =
      JdkMember.type("java.lang.ProcessImpl$ProcessPipeOutputStream", BufferedOutputStream.class);
  static final JdkMember CHANNEL_NUMBER =
      JdkMember.intMethod(
          "sun.nio.ch.SelChImpl",
          "getFDVal",
          SelectableChannel.class,
          Socket.class,
          ServerSocket.class,
          DatagramSocket.class);
  static final JdkMember SOCKET_CHANNEL_NUMBER =
      JdkMember.field("sun.nio.ch.SocketChannelImpl", "fdVal", "I", SocketChannel.class);
  static final JdkMember FILE_CHANNEL_DESCRIPTOR =
      JdkMember.field(
          "sun.nio.ch.FileChannelImpl", "fd", "Ljava/io/FileDescriptor;", FileChannel.class);
  static final JdkMember SOCKET_IMPL =
      JdkMember.field("java.net.Socket", "impl", "Ljava/net/SocketImpl;", Socket.class);
  static final JdkMember SERVER_SOCKET_IMPL =
      JdkMember.field("java.net.ServerSocket", "impl", "Ljava/net/SocketImpl;", ServerSocket.class);
  static final JdkMember IMPL_DELEGATE =
      JdkMember.field(
          "java.net.DelegatingSocketImpl",
          "delegate",
          "Ljava/net/SocketImpl;",
          Socket.class,
          ServerSocket.class);
  static final JdkMember IMPL_DESCRIPTOR =
      JdkMember.field(
          "java.net.SocketImpl",
          "fd",
          "Ljava/io/FileDescriptor;",
          Socket.class,
          ServerSocket.class);
  static final JdkMember DATAGRAM_DELEGATE =
      JdkMember.field(
          "java.net.DatagramSocket", "delegate", "Ljava/net/DatagramSocket;", DatagramSocket.class);

  /** Whether a channel may be registered; a file's own mode need not be the same. */
  static final JdkMember CHANNEL_IS_NON_BLOCKING =
      JdkMember.field("java.nio.channels.spi.AbstractSelectableChannel", "nonBlocking", "Z");

  /** TLS over another socket; a class of its own, so that nobody loads TLS who has none. */
  static final class LayeredSocket {
    static final JdkMember BELOW =
        JdkMember.field(
            "sun.security.ssl.BaseSSLSocketImpl", "self", "Ljava/net/Socket;", Socket.class);

    private LayeredSocket() {}
  }

  private JdkMembers() {}

  /** Every one that this platform's file objects take: those of Windows are sockets. */
  public static List<JdkMember> all() {
    Stream<JdkMember> ofSockets =
        Stream.of(
            DESCRIPTOR_NUMBER,
            CHANNEL_NUMBER,
            SOCKET_CHANNEL_NUMBER,
            SOCKET_IMPL,
            SERVER_SOCKET_IMPL,
            IMPL_DELEGATE,
            IMPL_DESCRIPTOR,
            DATAGRAM_DELEGATE,
            LayeredSocket.BELOW,
            CHANNEL_IS_NON_BLOCKING);
    Stream<JdkMember> ofFiles =
        Stream.of(
            DESCRIPTOR_FIRST_STREAM,
            INPUT_BELOW,
            OUTPUT_BELOW,
            PROCESS_INPUT,
            PROCESS_OUTPUT,
            FILE_CHANNEL_DESCRIPTOR);
    return Stream.concat(ofSockets, Platform.isWindows() ? Stream.empty() : ofFiles).toList();
  }
}
