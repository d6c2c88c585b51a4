package io.github.selectors4j.internal.selecting;

import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.internal.fileobject.FileObjects;
import java.io.IOException;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Finds keys. Methods of file objects belong to others: they are called without the loop's lock.
 */
final class Lookup {

  private final SelectLoop loop;
  private final Registrations registrations;

  /** In a loop's registrations. */
  Lookup(SelectLoop loop) {
    this.loop = loop;
    registrations = loop.registrations;
  }

  /**
   * By identity, or by value if it is a number; else by descriptor, unless what is registered for
   * that can be proven to have been closed.
   *
   * @return null when there is none, or the selector is closed
   */
  @Nullable SelectorKey find(Object fileobj) {
    SelectorKey same = findSame(fileobj);
    return same != null ? same : findByDescriptor(FileObjects.descriptorIfAny(fileobj));
  }

  /**
   * The same.
   *
   * @throws NoSuchElementException when there is none
   */
  SelectorKey registered(Object fileobj) {
    try {
      return byObjectOrDescriptor(fileobj);
    } catch (IOException noDescriptor) {
      throw notRegistered(fileobj, FileObjects.NONE);
    }
  }

  /**
   * The same, but tells an exception from the want of a descriptor.
   *
   * @throws NoSuchElementException when there is none
   * @throws IOException from {@code HasFileno.fileno()}
   */
  SelectorKey byObjectOrDescriptor(Object fileobj) throws IOException {
    SelectorKey same = findSame(fileobj);
    if (same != null) {
      return same;
    }
    int fd = FileObjects.find(fileobj);
    SelectorKey found = findByDescriptor(fd);
    if (found == null) {
      throw notRegistered(fileobj, fd);
    }
    return found;
  }

  private @Nullable SelectorKey findByDescriptor(int fd) {
    SelectorKey found = registrations.get(fd);
    return found == null || FileObjects.isClosed(found.fileobj()) ? null : found;
  }

  private @Nullable SelectorKey findSame(Object fileobj) {
    if (fileobj instanceof Integer fd) {
      return registrations.getNumber(fd);
    }
    loop.lock.lock();
    try {
      return registrations.get(fileobj);
    } finally {
      loop.lock.unlock();
    }
  }

  private NoSuchElementException notRegistered(Object fileobj, int fd) {
    // It may have been forgotten by a close just now.
    loop.requireOpen();
    return Refusals.notRegistered(fileobj, fd);
  }
}
