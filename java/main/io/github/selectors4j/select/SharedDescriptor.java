package io.github.selectors4j.select;

import io.github.selectors4j.internal.system.Descriptors;

/**
 * A descriptor that several threads may use at once. It is released when it has been closed and
 * nobody uses it any more, so that no call ever meets a number that is another file's by then.
 */
final class SharedDescriptor {

  private final int fd;
  private int users;
  private boolean closed;

  SharedDescriptor(int fd) {
    this.fd = fd;
  }

  /** The descriptor, to be given back by {@link #release()}. */
  synchronized int acquire() {
    int descriptor = get();
    users++;
    return descriptor;
  }

  synchronized void release() {
    users--;
    closeIfUnused();
  }

  /** The descriptor, just for its number. */
  synchronized int get() {
    if (closed) {
      throw new IllegalStateException("fd " + fd + " is closed");
    }
    return fd;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  synchronized void close() {
    if (!closed) {
      closed = true;
      closeIfUnused();
    }
  }

  private void closeIfUnused() {
    if (closed && users == 0) {
      Descriptors.close(fd);
    }
  }
}
