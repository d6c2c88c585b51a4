package io.github.selectors4j.internal.fileobject;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.SystemCalls;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a {@code Process}. When the child exits, a thread of the JDK drains what is left
 * in its output and error, closes their descriptors, and puts the bytes in their place.
 */
public final class ProcessStreams {

  private ProcessStreams() {}

  /** Whether this is the output or error of a child, which for us is an input. */
  public static boolean isInput(Object fileobj) {
    return JdkMembers.PROCESS_INPUT.isOf(fileobj);
  }

  /** Whether this is the input of a child, which for us is an output. */
  public static boolean isOutput(Object fileobj) {
    return JdkMembers.PROCESS_OUTPUT.isOf(fileobj);
  }

  /**
   * Where the descriptor of an output stands.
   *
   * @return null once the child has ended
   * @throws IllegalArgumentException when its descriptor can't be read
   */
  public static @Nullable FileDescriptor outputDescriptor(Object output) throws IOException {
    if (!JdkMembers.DESCRIPTOR_NUMBER.isPresent()) {
      throw NoDescriptor.of(output);
    }
    FileOutputStream file = output((OutputStream) output);
    return file == null ? null : file.getFD();
  }

  /** Whether an input was closed by its user; the JDK's own closing does not count. */
  static boolean isClosed(Object input) {
    return JdkMembers.INPUT_BELOW.get(input) == null;
  }

  /**
   * A duplicate of an input's descriptor, or, when the JDK has drained the stream already, a
   * descriptor that is always readable.
   *
   * @return the descriptor, the caller's to close
   * @throws IllegalArgumentException when the stream was closed by its user, or its descriptor
   *     can't be read
   */
  public static int duplicate(Object input) throws SystemCallException {
    Object inner = JdkMembers.INPUT_BELOW.get(input);
    if (inner == null || !JdkMembers.DESCRIPTOR_NUMBER.isPresent()) {
      throw NoDescriptor.of(input);
    }
    int fd = FileObjects.descriptorIfAny(inner);
    if (fd >= 0) {
      int duplicate = Descriptors.duplicate(fd);
      // The JDK forgets the number before it closes it: while the number is still there, it was
      // the stream's all along, and the duplicate is not of a file that got the number since.
      if (FileObjects.descriptorIfAny(inner) == fd) {
        return SystemCalls.check(duplicate, Descriptors.describeDuplicate(fd));
      }
      if (duplicate >= 0) {
        Descriptors.close(duplicate);
      }
    }
    return Descriptors.openEnded();
  }

  /** What a child's output is read from; null for any other stream and when that was drained. */
  static @Nullable FileInputStream input(InputStream stream) {
    return isInput(stream) && JdkMembers.INPUT_BELOW.get(stream) instanceof FileInputStream file
        ? file
        : null;
  }

  /** What a child's input writes to; null for any other stream and after the child's end. */
  static @Nullable FileOutputStream output(OutputStream stream) {
    return JdkMembers.PROCESS_OUTPUT.isOf(stream)
            && JdkMembers.OUTPUT_BELOW.get(stream) instanceof FileOutputStream file
        ? file
        : null;
  }
}
