package io.github.selectors4j.stress;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.TestDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedSelectorException;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;

/**
 * What one race is about: a selector, and two connected sockets. The arbiter ends with {@link
 * #release()}.
 */
abstract class Race {

  // What becomes of a call.
  static final String DONE = "done";
  static final String CLOSED = "closed";
  static final String REFUSED = "refused";
  static final String NONE = "none";

  // What becomes of a wait.
  static final String IN_TIME = "in time";
  static final String LOST = "lost";

  /** A select never returns before its timeout: so one that lasts as long was not woken up. */
  private static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(20);

  final BaseSelector selector;
  private final TestDescriptor.Pair pair = TestDescriptor.socketPair();

  /** Ready to read and to write. */
  final TestDescriptor ready = pair.rd();

  /** Ready to write. */
  final TestDescriptor idle = pair.wr();

  /** A call on the selector. */
  interface Call {
    void run() throws IOException;
  }

  Race() {
    try {
      selector = DefaultSelector.open();
      idle.write("x");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a call that nothing can keep from being done. */
  static void require(Call call) {
    String outcome = outcome(call);
    if (!outcome.equals(DONE)) {
      throw new AssertionError(outcome);
    }
  }

  /** What becomes of a call; what the contract does not mention passes through, and is an error. */
  static String outcome(Call call) {
    try {
      call.run();
      return DONE;
    } catch (ClosedSelectorException e) {
      return CLOSED;
    } catch (IllegalStateException e) {
      return REFUSED;
    } catch (NoSuchElementException e) {
      return NONE;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for something to end the select. */
  final String await(ReadyHandler handler) {
    long start = System.nanoTime();
    String outcome = outcome(() -> selector.selectNanos(LOST_NANOS, handler));
    boolean lost = System.nanoTime() - start >= LOST_NANOS;
    return lost ? LOST : outcome.equals(DONE) ? IN_TIME : outcome;
  }

  /** What is ready now: the events and data of each key, in the order of the reports. */
  final String reported() {
    StringBuilder reported = new StringBuilder();
    String outcome =
        outcome(
            () -> selector.selectNow((key, events) -> reported.append(events).append(key.data())));
    return outcome.equals(DONE) ? reported.toString() : outcome;
  }

  /** Closes the selector and the sockets, which nobody else may have closed. */
  final void release() {
    selector.close();
    ready.close();
    idle.close();
  }
}
