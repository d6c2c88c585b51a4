package io.github.selectors4j.internal.fileobject;

import io.github.selectors4j.HasFileno;
import io.github.selectors4j.SystemCallException;
import java.io.FileDescriptor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a selector watches for a file object.
 *
 * @param fd the key's descriptor
 * @param isOwned whether it was made for the selector, which closes it
 * @param source for a child's input, whose own number is watched while it is valid: where that
 *     number stands; null for everything else, and once the child has ended
 */
public record Watched(int fd, boolean isOwned, @Nullable FileDescriptor source) {

  /** Makes descriptors that stand for others. */
  public interface Placeholders {
    /**
     * Opens a descriptor that is ready for writing once it is watched, to stand for one that has
     * been closed; the caller's to close.
     */
    int openPlaceholder() throws SystemCallException;
  }

  /**
   * Finds out.
   *
   * @param placeholders makes the one of a child's input
   * @throws IllegalArgumentException when this is no file object or has no descriptor
   * @throws UnsupportedOperationException for a process where there are no pidfds
   * @throws IOException from {@link HasFileno#fileno()}, and as the system refuses
   */
  public static Watched of(Object fileobj, Placeholders placeholders) throws IOException {
    if (ProcessStreams.isOutput(fileobj)) {
      FileDescriptor source = ProcessStreams.outputDescriptor(fileobj);
      return new Watched(placeholders.openPlaceholder(), true, source);
    }
    return of(fileobj);
  }

  /** The same for all but a child's input. */
  static Watched of(Object fileobj) throws IOException {
    if (ProcessStreams.isInput(fileobj)) {
      return new Watched(ProcessStreams.duplicate(fileobj), true, null);
    }
    return Processes.isProcess(fileobj)
        ? new Watched(Processes.open(fileobj), true, null)
        : new Watched(FileObjects.descriptor(fileobj), false, null);
  }
}
