package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;

import java.nio.channels.ClosedSelectorException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/**
 * close against everything else, while other descriptors are opened that are given the numbers it
 * releases: none of them may be written to or closed by whoever still holds the old number.
 */
@Timeout(120)
@Tag(Interposed.TOO)
class CloseRaceTest {
  private static final int ROUNDS = 10_000;

  /** A call that another thread makes while the selector is closed. */
  private interface Call extends CloseRace.Call<BaseSelector> {}

  @EveryMechanism
  void againstWakeup(Mechanism mechanism) throws Exception {
    race(mechanism, ROUNDS, BaseSelector::wakeup);
  }

  @EveryMechanism
  void againstASelectThatIsWokenUp(Mechanism mechanism) throws Exception {
    race(
        mechanism,
        ROUNDS / 10,
        BaseSelector::wakeup,
        selector -> selector.select(null, (k, e) -> {}));
  }

  @EveryMechanism
  void againstSelectsInARow(Mechanism mechanism) throws Exception {
    race(mechanism, ROUNDS / 10, CloseRaceTest::selectForEver);
  }

  @EveryMechanism
  void againstThreadsThatTakeTurnsToSelect(Mechanism mechanism) throws Exception {
    race(mechanism, ROUNDS / 10, CloseRaceTest::selectForEver, CloseRaceTest::selectForEver);
  }

  private static void selectForEver(BaseSelector selector) throws Exception {
    while (true) {
      try {
        selector.selectNow((key, events) -> {});
      } catch (IllegalStateException anotherSelects) {
        if (anotherSelects instanceof ClosedSelectorException) {
          throw anotherSelects;
        }
      }
    }
  }

  @EveryMechanism
  void againstASelectThatIsInterrupted(Mechanism mechanism) throws Exception {
    BlockingQueue<Thread> selecting = new SynchronousQueue<>();
    race(
        mechanism,
        ROUNDS / 10,
        selector -> {
          selecting.put(Thread.currentThread());
          try {
            selector.select(null, (k, e) -> {});
          } finally {
            Rendezvous.awaitInterrupt();
          }
        },
        selector -> {
          Thread thread = selecting.take();
          Rendezvous.pause();
          thread.interrupt();
        });
  }

  @EveryMechanism
  void againstRegistrations(Mechanism mechanism) throws Exception {
    try (TestPipe pipe = TestPipe.open()) {
      race(
          mechanism,
          ROUNDS / 10,
          selector -> selector.select(null, (k, e) -> {}),
          selector -> {
            while (true) {
              selector.register(pipe.source, EVENT_READ);
              selector.modify(pipe.source, EVENT_WRITE);
              selector.getKey(pipe.source);
              selector.unregister(pipe.source);
            }
          });
    }
  }

  @EveryMechanism
  void againstAnotherClose(Mechanism mechanism) throws Exception {
    race(mechanism, ROUNDS / 10, BaseSelector::close, BaseSelector::close);
  }

  private static void race(Mechanism mechanism, int rounds, Call... calls) throws Exception {
    CloseRace.run(
        rounds, mechanism::open, BaseSelector::isOpen, ClosedSelectorException.class, calls);
  }
}
