package io.github.selectors4j.internal.fileobject;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code System.in}, {@code out} and {@code err} as the JDK started with them, whatever they are
 * set to since.
 *
 * <p>They are told from a user's own stream around descriptor 0, 1 or 2 by the innermost stream: a
 * {@code FileDescriptor} remembers the first stream that was made over it, which is the JDK's.
 */
final class SystemStreams {

  private static final JdkMember FIRST_STREAM =
      JdkMember.field("java.io.FileDescriptor", "parent", "Ljava/io/Closeable;");
  private static final JdkMember INPUT =
      JdkMember.field("java.io.FilterInputStream", "in", "Ljava/io/InputStream;");
  private static final JdkMember OUTPUT =
      JdkMember.field("java.io.FilterOutputStream", "out", "Ljava/io/OutputStream;");

  private SystemStreams() {}

  /** What a stream reads from, if it is the JDK's own, else null. */
  static @Nullable FileDescriptor descriptor(InputStream stream) {
    return stream.getClass() == BufferedInputStream.class
            && isFirst(INPUT.get(stream), FileDescriptor.in)
        ? FileDescriptor.in
        : null;
  }

  /** What a stream writes to, if it is the JDK's own, else null. */
  static @Nullable FileDescriptor descriptor(OutputStream stream) {
    if (stream.getClass() != PrintStream.class) {
      return null;
    }
    Object buffer = OUTPUT.get(stream);
    if (buffer == null || buffer.getClass() != BufferedOutputStream.class) {
      return null;
    }
    Object innermost = OUTPUT.get(buffer);
    if (isFirst(innermost, FileDescriptor.out)) {
      return FileDescriptor.out;
    }
    return isFirst(innermost, FileDescriptor.err) ? FileDescriptor.err : null;
  }

  private static boolean isFirst(@Nullable Object innermost, FileDescriptor descriptor) {
    return innermost != null && innermost == FIRST_STREAM.get(descriptor);
  }
}
