package io.github.selectors4j.model;

/**
 * The model of an open file, which one or more descriptors name: what poll(2) says of it, and what
 * comes of reading and writing. Results are those of the system calls, or {@code -errno}.
 */
abstract class OpenFile {
  static final int EIO = 5;
  static final int EAGAIN = 11;
  static final int EPIPE = 32;
  static final int ECONNRESET = 104;

  /** What is done with a descriptor. */
  enum Transfer {
    /** One small message, without waiting. */
    WRITE,
    /** As many as there is room for; the result is the last call's. */
    FILL,
    /** One message. */
    READ,
    /** Everything that is there; the result is the last call's. */
    DRAIN
  }

  private int descriptors;

  final void opened() {
    descriptors++;
  }

  final void closed() {
    if (--descriptors == 0) {
      released();
    }
  }

  final boolean isOpen() {
    return descriptors > 0;
  }

  /** POLLIN, POLLPRI, POLLOUT, POLLRDHUP, POLLHUP and POLLERR, as they hold now. */
  abstract int polled();

  /** Whether the outcome is known; else this is not done. */
  abstract boolean knows(Transfer transfer);

  /** Changes the model as the call changes the file; returns the call's result. */
  abstract int transfer(Transfer transfer);

  boolean isSocket() {
    return false;
  }

  /** Whether kqueue's NOTE_LOWAT has a meaning for it. */
  boolean hasLowWaterMark() {
    return false;
  }

  /** Whether the outcome of {@link #sendUrgent} is known; else this is not done. */
  boolean knowsUrgent() {
    return false;
  }

  /** One byte of urgent data. */
  int sendUrgent() {
    throw new UnsupportedOperationException(this + " has no urgent data");
  }

  /** Whether there is urgent data to take. */
  boolean hasUrgent() {
    return false;
  }

  void takeUrgent() {
    throw new UnsupportedOperationException(this + " has no urgent data");
  }

  /** Whether {@link #shutdown} is possible: of a socket that is connected. */
  boolean takesShutdown() {
    return false;
  }

  void shutdown(boolean read, boolean write) {
    throw new UnsupportedOperationException(this + " is no socket");
  }

  /** The last descriptor was closed. */
  abstract void released();

  /** Waits until what was done to the other end has arrived at this one, which has that number. */
  void settle(int number) {}

  static int bits(int bits, boolean condition) {
    return condition ? bits : 0;
  }
}
