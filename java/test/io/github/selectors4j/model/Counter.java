package io.github.selectors4j.model;

import static io.github.selectors4j.TestLibrary.POLLIN;
import static io.github.selectors4j.TestLibrary.POLLOUT;

/** An eventfd: a number that a write adds to, and a read takes as a whole. */
final class Counter extends OpenFile {
  private static final int SIZE = Long.BYTES;

  private final Channel channel = new Channel();

  @Override
  int polled() {
    return bits(POLLIN, !channel.isEmpty()) | bits(POLLOUT, !channel.isFull());
  }

  @Override
  boolean knows(Transfer transfer) {
    return transfer != Transfer.WRITE || channel.knowsOneMore();
  }

  @Override
  int transfer(Transfer transfer) {
    switch (transfer) {
      case WRITE -> {
        if (channel.isFull()) {
          return -EAGAIN;
        }
        channel.add();
      }
      case FILL -> {
        channel.clear();
        channel.fill();
      }
      case READ, DRAIN -> {
        if (channel.isEmpty()) {
          return -EAGAIN;
        }
        channel.clear();
      }
    }
    return SIZE;
  }

  @Override
  void released() {}
}
