package io.github.selectors4j.internal.fileobject;

import io.github.selectors4j.HasFileno;
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

  /**
   * Finds out, for all but a child's input.
   *
   * @throws IllegalArgumentException when this is no file object or has no descriptor
   * @throws UnsupportedOperationException for a process where there are no pidfds
   * @throws IOException from {@link HasFileno#fileno()}, and as the system refuses
   */
  public static Watched of(Object fileobj) throws IOException {
    if (ProcessStreams.isInput(fileobj)) {
      return new Watched(ProcessStreams.duplicate(fileobj), true, null);
    }
    return Processes.isProcess(fileobj)
        ? new Watched(Processes.open(fileobj), true, null)
        : new Watched(FileObjects.descriptor(fileobj), false, null);
  }
}
