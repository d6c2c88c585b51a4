package io.github.selectors4j.internal.fileobject;

import static java.util.stream.Collectors.joining;

import io.github.selectors4j.HasFileno;
import io.github.selectors4j.internal.loading.Platform;
import java.io.File;
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
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why an object has no descriptor, and what to register instead. */
final class NoDescriptor {

  private static final String INSTEAD = ": register its descriptor's number or a HasFileno";

  private NoDescriptor() {}

  /** The refusal of a file object for which no descriptor was found. */
  static IllegalArgumentException of(Object fileobj) {
    return new IllegalArgumentException(FileObjects.describe(fileobj) + " " + why(fileobj));
  }

  /** Whether it is one of this library's own. */
  static boolean isOwn(Object fileobj) {
    return fileobj.getClass().isAnnotationPresent(OwnFileno.class);
  }

  private static String why(Object fileobj) {
    if (fileobj instanceof Integer) {
      return "is no descriptor: it is negative";
    }
    if (fileobj instanceof HasFileno && !isOwn(fileobj)) {
      return "has no descriptor: its fileno() is negative";
    }
    if (isOwn(fileobj) || isClosed(fileobj)) {
      return "has no descriptor: it is closed";
    }
    if ((fileobj instanceof Socket socket && !socket.isBound())
        || (fileobj instanceof ServerSocket server && !server.isBound())) {
      return "has no descriptor yet: it is neither bound nor connected";
    }
    if (Platform.isWindows() && !isSocket(fileobj)) {
      return "is no socket, all that Windows waits for";
    }
    List<JdkMember> missing =
        JdkMembers.all().stream()
            .filter(member -> !member.isPresent() && member.leadsFrom(fileobj))
            .toList();
    if (!missing.isEmpty()) {
      return "has no descriptor that can be read: " + missing(missing) + INSTEAD;
    }
    if (isSocket(fileobj) || fileobj instanceof FileChannel) {
      return "is open, but not the JDK's own, and its descriptor unknown: register that descriptor,"
          + " as a FileDescriptor or a number, or a HasFileno";
    }
    if (fileobj instanceof File || fileobj instanceof Path) {
      return "is the name of a file, not an open one: open it, as a FileInputStream or FileChannel,"
          + " and register that";
    }
    return fileobj instanceof InputStream || fileobj instanceof OutputStream
        ? whyStream(fileobj)
        : "is no file object" + INSTEAD;
  }

  private static String whyStream(Object stream) {
    if (JdkMembers.PROCESS_INPUT.isOf(stream) || JdkMembers.PROCESS_OUTPUT.isOf(stream)) {
      return "has no descriptor any more: it is closed, by its user or, as the child ended, by the JDK";
    }
    if (stream.getClass().getName().startsWith("java.lang.ProcessBuilder$Null")) {
      return "has no descriptor: the child's stream is redirected, to a file or by"
          + " redirectErrorStream(true), and nothing comes through it";
    }
    return "is a stream around something else"
        + INSTEAD
        + ", or the stream, socket or channel below it";
  }

  /** Says that this JDK lacks these members. */
  static String missing(List<JdkMember> members) {
    return members.stream().map(JdkMember::toString).collect(joining(", "))
        + (members.size() == 1 ? " is" : " are")
        + " missing in this JDK ("
        + Platform.jdk()
        + ")";
  }

  private static boolean isSocket(Object fileobj) {
    return fileobj instanceof SelectableChannel
        || fileobj instanceof Socket
        || fileobj instanceof ServerSocket
        || fileobj instanceof DatagramSocket;
  }

  private static boolean isClosed(Object fileobj) {
    if (fileobj instanceof Channel channel) {
      return !channel.isOpen();
    }
    if (fileobj instanceof Socket socket) {
      return socket.isClosed();
    }
    if (fileobj instanceof ServerSocket socket) {
      return socket.isClosed();
    }
    if (fileobj instanceof DatagramSocket socket) {
      return socket.isClosed();
    }
    FileDescriptor descriptor = descriptor(fileobj);
    return descriptor != null
        ? !descriptor.valid()
        : isEmpty(JdkMembers.INPUT_BELOW, fileobj) || isEmpty(JdkMembers.OUTPUT_BELOW, fileobj);
  }

  private static boolean isEmpty(JdkMember field, Object fileobj) {
    return field.isOf(fileobj) && field.get(fileobj) == null;
  }

  private static @Nullable FileDescriptor descriptor(Object fileobj) {
    try {
      if (fileobj instanceof FileInputStream stream) {
        return stream.getFD();
      }
      if (fileobj instanceof FileOutputStream stream) {
        return stream.getFD();
      }
      if (fileobj instanceof RandomAccessFile file) {
        return file.getFD();
      }
      return fileobj instanceof FileDescriptor descriptor ? descriptor : null;
    } catch (IOException none) {
      return null;
    }
  }
}
