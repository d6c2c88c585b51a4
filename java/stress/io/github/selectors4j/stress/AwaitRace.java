package io.github.selectors4j.stress;

import static io.github.selectors4j.BaseSelector.EVENT_READ;

import io.github.selectors4j.Awaiter;
import io.github.selectors4j.TestDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;

/**
 * What one race is about: an awaiter, and two connected sockets. The arbiter ends with {@link
 * #release()}.
 */
abstract class AwaitRace {

  static final String CANCELLED = "cancelled";
  static final String CLOSED = "closed";
  static final String INTERRUPTED = "interrupted";

  /** An await never returns before its time is up: so who is told that was not let go. */
  static final String TIME_IS_UP = "time is up";

  static final Duration LONG = Duration.ofSeconds(20);

  final Awaiter awaiter;
  private final TestDescriptor.Pair pair = TestDescriptor.socketPair();

  /** Ready to read and to write. */
  final TestDescriptor ready = pair.rd();

  /** Ready to write. */
  final TestDescriptor idle = pair.wr();

  AwaitRace() {
    try {
      awaiter = Awaiter.open();
      idle.write("x");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What becomes of an await: the events, or what ended it. */
  final String await(Object fileobj, int events, Duration timeout) {
    try {
      int found = awaiter.await(fileobj, events, timeout);
      return found == 0 ? TIME_IS_UP : Integer.toString(found);
    } catch (AsynchronousCloseException e) {
      return CANCELLED;
    } catch (ClosedSelectorException e) {
      return CLOSED;
    } catch (InterruptedException e) {
      return INTERRUPTED;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  final String await(Object fileobj, int events) {
    return await(fileobj, events, LONG);
  }

  /** How many were cancelled. */
  final String cancel(Object fileobj) {
    try {
      return Integer.toString(awaiter.cancel(fileobj));
    } catch (ClosedSelectorException e) {
      return CLOSED;
    }
  }

  /** Cancels as soon as there is somebody to cancel. */
  final String cancelOne(Object fileobj) {
    String count;
    do {
      Thread.onSpinWait();
      count = cancel(fileobj);
    } while (count.equals("0"));
    return count;
  }

  /** Makes {@link #idle} ready to read. */
  final void makeReady() {
    ready.write("y");
  }

  /** Has the number of {@link #idle} name another file, which is ready to read; that one's peer. */
  final TestDescriptor replaceIdle() {
    TestDescriptor.Pair next = TestDescriptor.socketPair();
    next.wr().write("z");
    next.rd().moveTo(idle.fileno());
    return next.wr();
  }

  /** What is still right when all is over: nobody waits, and who is ready is found so. */
  final String left(TestDescriptor descriptor) {
    return cancel(descriptor) + " " + await(descriptor, EVENT_READ);
  }

  /** Closes the awaiter and the sockets, which nobody else may have closed. */
  final void release() {
    awaiter.close();
    ready.close();
    idle.close();
  }
}
