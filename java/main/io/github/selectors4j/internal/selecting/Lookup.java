package io.github.selectors4j.internal.selecting;

import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.internal.fileobject.FileObjects;
import java.io.IOException;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Finds keys in the registrations of a loop. Methods of file objects belong to others: they are
 * called without the loop's lock.
 */
final class Lookup {

  private Lookup() {}

  /**
   * By identity, or by value if it is a number; else by descriptor, unless what is registered for
   * that can be proven to have been closed.
   *
   * @return null when there is none, or the selector is closed
   */
  static @Nullable SelectorKey find(SelectLoop loop, Object fileobj) {
    SelectorKey same = findSame(loop, fileobj);
    return same != null ? same : findByDescriptor(loop, FileObjects.descriptorIfAny(fileobj));
  }

  /**
   * The same.
   *
   * @throws NoSuchElementException when there is none
   */
  static SelectorKey registered(SelectLoop loop, Object fileobj) {
    try {
      return byObjectOrDescriptor(loop, fileobj);
    } catch (IOException noDescriptor) {
      throw notRegistered(loop, fileobj, FileObjects.NONE);
    }
  }

  /**
   * The same, but tells an exception from the want of a descriptor.
   *
   * @throws NoSuchElementException when there is none
   * @throws IOException from {@code HasFileno.fileno()}
   */
  static SelectorKey byObjectOrDescriptor(SelectLoop loop, Object fileobj) throws IOException {
    SelectorKey same = findSame(loop, fileobj);
    if (same != null) {
      return same;
    }
    int fd = FileObjects.find(fileobj);
    SelectorKey found = findByDescriptor(loop, fd);
    if (found == null) {
      throw notRegistered(loop, fileobj, fd);
    }
    return found;
  }

  private static @Nullable SelectorKey findByDescriptor(SelectLoop loop, int fd) {
    SelectorKey found = loop.registrations.get(fd);
    return found == null || FileObjects.isClosed(found.fileobj()) ? null : found;
  }

  private static @Nullable SelectorKey findSame(SelectLoop loop, Object fileobj) {
    if (fileobj instanceof Integer fd) {
      return loop.registrations.getNumber(fd);
    }
    loop.lock.lock();
    try {
      return loop.registrations.get(fileobj);
    } finally {
      loop.lock.unlock();
    }
  }

  private static NoSuchElementException notRegistered(SelectLoop loop, Object fileobj, int fd) {
    // It may have been forgotten by a close just now.
    loop.requireOpen();
    return Refusals.notRegistered(fileobj, fd);
  }
}
