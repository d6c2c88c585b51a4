package io.github.selectors4j.model;

import static io.github.selectors4j.TestLibrary.POLLERR;
import static io.github.selectors4j.TestLibrary.POLLHUP;
import static io.github.selectors4j.TestLibrary.POLLIN;
import static io.github.selectors4j.TestLibrary.POLLOUT;
import static io.github.selectors4j.TestLibrary.POLLRDHUP;

/** One of two connected Unix-domain stream sockets. */
final class UnixSocket extends OpenFile {
  private final Channel incoming = new Channel();
  private UnixSocket peer = this;
  private boolean readShut;
  private boolean writeShut;
  private boolean reset;

  private UnixSocket() {}

  static UnixSocket[] pair() {
    UnixSocket[] pair = {new UnixSocket(), new UnixSocket()};
    pair[0].peer = pair[1];
    pair[1].peer = pair[0];
    return pair;
  }

  @Override
  int polled() {
    return bits(POLLIN, !incoming.isEmpty() || readShut)
        | bits(POLLOUT, !peer.incoming.isFull())
        | bits(POLLRDHUP, readShut)
        | bits(POLLHUP, readShut && writeShut)
        | bits(POLLERR, reset);
  }

  @Override
  boolean isSocket() {
    return true;
  }

  @Override
  boolean hasLowWaterMark() {
    return true;
  }

  @Override
  boolean knows(Transfer transfer) {
    return switch (transfer) {
      case WRITE -> peer.incoming.knowsOneMore();
      case READ -> !incoming.isFull();
      case FILL, DRAIN -> true;
    };
  }

  @Override
  int transfer(Transfer transfer) {
    return switch (transfer) {
      case WRITE, FILL -> write(transfer);
      case READ, DRAIN -> read(transfer);
    };
  }

  private int write(Transfer transfer) {
    if (writeShut) {
      return -EPIPE;
    }
    if (transfer == Transfer.WRITE && !peer.incoming.isFull()) {
      peer.incoming.add();
      return 1;
    }
    peer.incoming.fill();
    return -EAGAIN;
  }

  private int read(Transfer transfer) {
    if (transfer == Transfer.READ && !incoming.isEmpty()) {
      incoming.removeOne();
      return 1;
    }
    incoming.clear();
    if (reset) {
      reset = false; // told once
      return -ECONNRESET;
    }
    return readShut ? 0 : -EAGAIN;
  }

  @Override
  boolean takesShutdown() {
    return true;
  }

  @Override
  void shutdown(boolean read, boolean write) {
    readShut |= read;
    writeShut |= write;
    peer.writeShut |= read;
    peer.readShut |= write;
  }

  /** What was not read resets the other end. */
  @Override
  void released() {
    shutdown(true, true);
    peer.reset |= !incoming.isEmpty();
    incoming.clear();
  }
}
