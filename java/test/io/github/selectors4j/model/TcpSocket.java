package io.github.selectors4j.model;

import static io.github.selectors4j.TestLibrary.POLLERR;
import static io.github.selectors4j.TestLibrary.POLLHUP;
import static io.github.selectors4j.TestLibrary.POLLIN;
import static io.github.selectors4j.TestLibrary.POLLOUT;
import static io.github.selectors4j.TestLibrary.POLLPRI;
import static io.github.selectors4j.TestLibrary.POLLRDHUP;

import io.github.selectors4j.TestLibrary;
import java.time.Duration;

/** One of two sockets that are connected by TCP, tcp(7), over the loopback interface. */
final class TcpSocket extends OpenFile {
  /** The protocol's messages arrive at once, unless the kernel is busy with others. */
  private static final long MOST_NANOS = Duration.ofSeconds(5).toNanos();

  private static final int LOOK = POLLIN | POLLPRI | POLLOUT | POLLRDHUP;

  private final Channel incoming = new Channel();
  private TcpSocket peer = this;

  /** A byte of urgent data is there to be taken. */
  private boolean urgent;

  /** Its place in the stream is before what comes next, until an ordinary read passes it. */
  private boolean urgentAhead;

  private boolean readShut;
  private boolean writeShut;

  /** The peer has sent its end. */
  private boolean ended;

  private boolean reset;

  /** What the next call is told, or 0. */
  private int error;

  private TcpSocket() {}

  static TcpSocket[] pair() {
    TcpSocket[] pair = {new TcpSocket(), new TcpSocket()};
    pair[0].peer = pair[1];
    pair[1].peer = pair[0];
    return pair;
  }

  /** Nothing is left of the connection, here. */
  private boolean isDisconnected() {
    return reset || (ended && writeShut);
  }

  private boolean isReadEnded() {
    return readShut || ended || reset;
  }

  @Override
  int polled() {
    return POLLOUT
        | bits(POLLIN, !incoming.isEmpty() || isReadEnded())
        | bits(POLLPRI, urgent)
        | bits(POLLRDHUP, isReadEnded())
        | bits(POLLHUP, isReadEnded() && (writeShut || reset))
        | bits(POLLERR, error != 0);
  }

  @Override
  boolean isSocket() {
    return true;
  }

  @Override
  boolean hasLowWaterMark() {
    return true;
  }

  /** Behind what was not read yet, the mark would hide it for a while. */
  @Override
  boolean knowsUrgent() {
    return !peer.urgentAhead && peer.incoming.isEmpty() && !(peer.readShut && peer.writeShut);
  }

  @Override
  int sendUrgent() {
    int before = peer.incoming.messages();
    int result = write();
    if (peer.incoming.messages() > before) {
      peer.incoming.removeOne();
      peer.urgent = true;
      peer.urgentAhead = true;
    }
    return result;
  }

  @Override
  boolean hasUrgent() {
    return urgent && !isDisconnected();
  }

  @Override
  void takeUrgent() {
    urgent = false;
  }

  /** How much room there is depends on the kernel's mood. */
  @Override
  boolean knows(Transfer transfer) {
    return peer.incoming.knowsAllButFilling(transfer);
  }

  @Override
  int transfer(Transfer transfer) {
    return transfer == Transfer.WRITE ? write() : read(transfer);
  }

  private int write() {
    if (error != 0) {
      return -takeError();
    }
    if (writeShut || reset) {
      return -EPIPE;
    }
    if (!peer.isOpen()) {
      reset();
    } else if (peer.readShut && peer.writeShut) {
      peer.reset();
      reset();
    } else {
      peer.incoming.add();
    }
    return 1;
  }

  private int read(Transfer transfer) {
    urgent = false;
    urgentAhead = false;
    if (transfer == Transfer.READ && !incoming.isEmpty()) {
      incoming.removeOne();
      return 1;
    }
    incoming.clear();
    if (ended) {
      return 0;
    }
    if (error != 0) {
      return -takeError();
    }
    return readShut || reset ? 0 : -EAGAIN;
  }

  private int takeError() {
    int taken = error;
    error = 0;
    return taken;
  }

  private void reset() {
    if (!isDisconnected()) {
      error = ended ? EPIPE : ECONNRESET;
      reset = true;
    }
  }

  @Override
  boolean takesShutdown() {
    return !isDisconnected();
  }

  @Override
  void shutdown(boolean read, boolean write) {
    readShut |= read;
    if (write && !writeShut) {
      writeShut = true;
      peer.ended |= !peer.reset;
    }
  }

  /** What was not read resets the other end. */
  @Override
  void released() {
    if (!isDisconnected()) {
      if (incoming.isEmpty() && !urgentAhead) {
        shutdown(true, true);
      } else {
        peer.reset();
      }
    }
    incoming.clear();
  }

  /** The end that arrives behind what was not read yet shows in POLLRDHUP alone. */
  @Override
  void settle(int number) {
    int expected = polled();
    int available = urgentAhead ? 0 : incoming.messages();
    long deadline = System.nanoTime() + MOST_NANOS;
    while (TestLibrary.poll(number, LOOK, 0) != expected
        || TestLibrary.available(number) != available) {
      if (System.nanoTime() >= deadline) {
        throw new Disagreement(
            "fd %d has the events %#x and %d bytes, not %#x and %d"
                .formatted(
                    number,
                    TestLibrary.poll(number, LOOK, 0),
                    TestLibrary.available(number),
                    expected,
                    available));
      }
      Thread.onSpinWait();
    }
  }
}
