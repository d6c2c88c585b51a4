package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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
  private interface Call {
    void on(BaseSelector selector) throws Exception;
  }

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

  /** Runs the calls, a close and the opening of foreign descriptors at once, round after round. */
  private static void race(Mechanism mechanism, int rounds, Call... calls) throws Exception {
    BaseSelector[] selector = new BaseSelector[1];
    Rendezvous rendezvous = new Rendezvous(calls.length + 2);
    try (Crew crew = new Crew()) {
      for (Call call : calls) {
        crew.start(() -> runInRounds(rendezvous, () -> callUnlessClosed(call, selector[0])));
      }
      crew.start(() -> runInRounds(rendezvous, () -> selector[0].close()));
      for (int round = 0; round < rounds; round++) {
        selector[0] = mechanism.open();
        boolean complete = rendezvous.race();
        try (Foreign foreign = new Foreign()) {
          complete &= rendezvous.await();
          foreign.assertUntouched();
        } finally {
          selector[0].close();
        }
        if (!complete) {
          break;
        }
      }
      rendezvous.callOff();
      crew.await();
    } finally {
      rendezvous.callOff();
    }
  }

  private static void runInRounds(Rendezvous rendezvous, Crew.Work work) throws Exception {
    try {
      while (rendezvous.race()) {
        work.run();
        rendezvous.await();
      }
    } finally {
      rendezvous.callOff();
    }
  }

  private static void callUnlessClosed(Call call, BaseSelector selector) throws Exception {
    try {
      call.on(selector);
    } catch (ClosedSelectorException itCameFirst) {
      assertFalse(selector.isOpen());
    }
  }

  /** Eventfds and pipes, which take the lowest free numbers, and show every write. */
  private static final class Foreign implements AutoCloseable {
    private final int[] eventfds = new int[6];
    private final int[][] pipes = new int[2][2];

    Foreign() {
      for (int i = 0; i < eventfds.length; i++) {
        eventfds[i] = TestLibrary.check(TestLibrary.eventfd(0));
        TestLibrary.check(TestLibrary.setFl(eventfds[i], TestLibrary.O_NONBLOCK));
        if (i < pipes.length) {
          TestLibrary.check(TestLibrary.pipe(pipes[i]));
          TestLibrary.check(TestLibrary.setFl(pipes[i][0], TestLibrary.O_NONBLOCK));
        }
      }
    }

    void assertUntouched() {
      byte[] bytes = new byte[8];
      for (int eventfd : eventfds) {
        assertEquals(
            -TestLibrary.EAGAIN, TestLibrary.read(eventfd, bytes, 8), "a foreign eventfd's count");
      }
      for (int[] pipe : pipes) {
        assertEquals(
            -TestLibrary.EAGAIN, TestLibrary.read(pipe[0], bytes, 8), "a foreign pipe's content");
      }
    }

    @Override
    public void close() {
      for (int eventfd : eventfds) {
        assertEquals(0, TestLibrary.close(eventfd), "a foreign eventfd was closed");
      }
      for (int[] pipe : pipes) {
        assertEquals(0, TestLibrary.close(pipe[0]), "a foreign pipe was closed");
        assertEquals(0, TestLibrary.close(pipe[1]), "a foreign pipe was closed");
      }
    }
  }
}
