package io.github.selectors4j.model;

import static io.github.selectors4j.TestLibrary.POLLERR;
import static io.github.selectors4j.TestLibrary.POLLHUP;
import static io.github.selectors4j.TestLibrary.POLLIN;
import static io.github.selectors4j.TestLibrary.POLLOUT;
import static io.github.selectors4j.TestLibrary.check;

import io.github.selectors4j.TestLibrary;

/** The master or the slave of a pseudoterminal in raw mode. */
final class Terminal extends OpenFile {
  private final boolean master;
  private final Channel incoming = new Channel();
  private Terminal peer = this;

  private Terminal(boolean master) {
    this.master = master;
  }

  /** The master, then the slave. */
  static Terminal[] pair() {
    Terminal[] pair = {new Terminal(true), new Terminal(false)};
    pair[0].peer = pair[1];
    pair[1].peer = pair[0];
    return pair;
  }

  /** A slave whose master is gone is of no use any more. */
  private boolean isHungUp() {
    return !master && !peer.isOpen();
  }

  @Override
  int polled() {
    if (isHungUp()) {
      return POLLIN | POLLOUT | POLLERR | POLLHUP;
    }
    return POLLOUT | bits(POLLIN, !incoming.isEmpty()) | bits(POLLHUP, !peer.isOpen());
  }

  @Override
  boolean knows(Transfer transfer) {
    return peer.incoming.knowsAllButFilling(transfer);
  }

  @Override
  int transfer(Transfer transfer) {
    if (transfer == Transfer.WRITE) {
      return write();
    }
    if (isHungUp()) {
      return 0;
    }
    if (transfer == Transfer.READ && !incoming.isEmpty()) {
      incoming.removeOne();
      return 1;
    }
    incoming.clear();
    return peer.isOpen() ? -EAGAIN : -EIO;
  }

  private int write() {
    if (isHungUp()) {
      return -EIO;
    }
    peer.incoming.add();
    return 1;
  }

  @Override
  void released() {
    incoming.clear();
  }

  /**
   * A worker of the kernel carries what is written across. Who polls waits for that, but who waits
   * on epoll does not.
   */
  @Override
  void settle(int number) {
    check(TestLibrary.poll(number, POLLIN, 0));
  }
}
