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

  private SystemStreams() {}

  /** What a stream reads from, if it is the JDK's own, else null. */
  static @Nullable FileDescriptor descriptor(InputStream stream) {
    return stream.getClass() == BufferedInputStream.class
            && isFirst(JdkMembers.INPUT_BELOW.get(stream), FileDescriptor.in)
        ? FileDescriptor.in
        : null;
  }

  /** What a stream writes to, if it is the JDK's own, else null. */
  static @Nullable FileDescriptor descriptor(OutputStream stream) {
    if (stream.getClass() != PrintStream.class) {
      return null;
    }
    Object buffer = JdkMembers.OUTPUT_BELOW.get(stream);
    if (buffer == null || buffer.getClass() != BufferedOutputStream.class) {
      return null;
    }
    Object innermost = JdkMembers.OUTPUT_BELOW.get(buffer);
    if (isFirst(innermost, FileDescriptor.out)) {
      return FileDescriptor.out;
    }
    return isFirst(innermost, FileDescriptor.err) ? FileDescriptor.err : null;
  }

  private static boolean isFirst(@Nullable Object innermost, FileDescriptor descriptor) {
    return innermost != null && innermost == JdkMembers.DESCRIPTOR_FIRST_STREAM.get(descriptor);
  }
}
