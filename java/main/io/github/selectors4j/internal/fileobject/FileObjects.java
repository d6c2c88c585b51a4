package io.github.selectors4j.internal.fileobject;

import io.github.selectors4j.HasFileno;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.loading.Platform;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.Errno;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/** The descriptors of file objects, and whether they have been closed. */
public final class FileObjects {

  /** The descriptor of what has none. */
  public static final int NONE = -1;

  /** On Windows 0 to 2 name files of the C library, as other files have no number at all. */
  private static final int LAST_STANDARD_STREAM = 2;

  private FileObjects() {}

  /**
   * The descriptor of a file object.
   *
   * @return not negative
   * @throws IllegalArgumentException when it is no file object or has no descriptor
   * @throws IOException from {@link HasFileno#fileno()}
   */
  public static int descriptor(Object fileobj) throws IOException {
    int fd = find(fileobj);
    if (fd < 0) {
      throw NoDescriptor.of(fileobj);
    }
    return fd;
  }

  /**
   * The descriptor of a file object, if it has one.
   *
   * @return negative when it is no file object or has no descriptor
   */
  public static int descriptorIfAny(Object fileobj) {
    try {
      return find(fileobj);
    } catch (IOException none) {
      return NONE;
    }
  }

  /**
   * As {@link #descriptorIfAny}, but tells an exception from the want of a descriptor.
   *
   * @return negative when it is no file object or has no descriptor
   * @throws IOException from {@link HasFileno#fileno()}
   */
  public static int find(Object fileobj) throws IOException {
    if (fileobj instanceof Integer fd) {
      return fd;
    }
    if (fileobj instanceof HasFileno object) {
      return find(object);
    }
    if (fileobj instanceof SelectableChannel channel) {
      return channel.isOpen() ? number(channel) : NONE;
    }
    if (fileobj instanceof FileDescriptor descriptor) {
      return number(descriptor);
    }
    if (fileobj instanceof RandomAccessFile file) {
      return number(file.getFD());
    }
    if (fileobj instanceof InputStream stream) {
      return find(stream);
    }
    if (fileobj instanceof OutputStream stream) {
      return find(stream);
    }
    if (fileobj instanceof FileChannel channel) {
      return channel.isOpen() ? number(JdkMembers.FILE_CHANNEL_DESCRIPTOR.get(channel)) : NONE;
    }
    return findSocket(fileobj);
  }

  /**
   * Whether a file object that once had a descriptor can be proven to have been closed: then it has
   * no claim on the number any more. A mere number never can.
   */
  public static boolean isClosed(Object fileobj) {
    if (ProcessStreams.isInput(fileobj)) {
      return ProcessStreams.isClosed(fileobj);
    }
    // These are watched by a descriptor that is the selector's own, also after their end.
    return !ProcessStreams.isOutput(fileobj)
        && !Processes.isProcess(fileobj)
        && descriptorIfAny(fileobj) < 0;
  }

  /** What a file object calls itself, or its class if it fails at that: for messages. */
  public static String describe(Object fileobj) {
    try {
      return fileobj.toString();
    } catch (RuntimeException | StackOverflowError e) {
      return fileobj.getClass().getName() + "@" + System.identityHashCode(fileobj);
    }
  }

  /**
   * A refusal of the system's with its file object, unless the call names that, and what to do
   * about it.
   *
   * @param meaning what the error means here, or null
   * @param advice what to do about it, or null
   */
  public static SystemCallException explained(
      SystemCallException e,
      Object fileobj,
      int fd,
      @Nullable String meaning,
      @Nullable String advice) {
    String known =
        e.errno() == Errno.EBADF && Descriptors.isPath(fd)
            ? "it was opened with O_PATH, and can be neither read nor waited for: open it"
                + " without that"
            : advice;
    if (!(fileobj instanceof Integer)) {
      String object = describe(fileobj);
      known = known == null ? object : object + ": " + known;
    }
    SystemCallException explained = Errno.exception(e.call(), e.errno(), meaning, known);
    explained.initCause(e);
    return explained;
  }

  private static int find(HasFileno object) throws IOException {
    try {
      return object.fileno();
    } catch (IllegalStateException e) {
      if (NoDescriptor.isOwn(object)) {
        return NONE;
      }
      throw e;
    }
  }

  private static int find(InputStream stream) throws IOException {
    if (stream instanceof FileInputStream file) {
      return number(file.getFD());
    }
    FileInputStream process = ProcessStreams.input(stream);
    return number(process != null ? process.getFD() : SystemStreams.descriptor(stream));
  }

  private static int find(OutputStream stream) throws IOException {
    if (stream instanceof FileOutputStream file) {
      return number(file.getFD());
    }
    FileOutputStream process = ProcessStreams.output(stream);
    return number(process != null ? process.getFD() : SystemStreams.descriptor(stream));
  }

  /** Asks nothing of the socket that would create it. */
  private static int findSocket(Object fileobj) throws IOException {
    if (fileobj instanceof Socket socket) {
      return socket.isClosed() ? NONE : find(socket);
    }
    if (fileobj instanceof ServerSocket socket) {
      return socket.isClosed()
          ? NONE
          : find(socket.getChannel(), JdkMembers.SERVER_SOCKET_IMPL.get(socket));
    }
    if (fileobj instanceof DatagramSocket socket) {
      if (socket.isClosed()) {
        return NONE;
      }
      DatagramSocket delegate = (DatagramSocket) JdkMembers.DATAGRAM_DELEGATE.get(socket);
      return find(delegate == null ? socket.getChannel() : delegate.getChannel(), null);
    }
    return NONE;
  }

  private static int find(Socket socket) throws IOException {
    int number = find(socket.getChannel(), JdkMembers.SOCKET_IMPL.get(socket));
    return number < 0
            && JdkMembers.LayeredSocket.BELOW.get(socket) instanceof Socket below
            && below != socket
        ? findSocket(below)
        : number;
  }

  private static int find(@Nullable SelectableChannel channel, @Nullable Object impl)
      throws IOException {
    if (channel != null) {
      return find(channel);
    }
    Object innermost = impl;
    while (JdkMembers.IMPL_DELEGATE.isOf(innermost)) {
      innermost = JdkMembers.IMPL_DELEGATE.get(innermost);
    }
    return number(JdkMembers.IMPL_DESCRIPTOR.get(innermost));
  }

  /** Of connections, which come and go by the thousand, without a call back into Java. */
  private static int number(SelectableChannel channel) {
    return JdkMembers.SOCKET_CHANNEL_NUMBER.isOf(channel)
        ? JdkMembers.SOCKET_CHANNEL_NUMBER.getInt(channel)
        : JdkMembers.CHANNEL_NUMBER.call(channel);
  }

  private static int number(@Nullable Object fileDescriptor) {
    int number = JdkMembers.DESCRIPTOR_NUMBER.getInt(fileDescriptor);
    return Platform.isWindows() && number <= LAST_STANDARD_STREAM ? NONE : number;
  }
}
