package io.github.selectors4j;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * close against calls of other threads, while other descriptors are opened that are given the
 * numbers it releases: none of them may be written to or closed by whoever still holds the old
 * number.
 */
public final class CloseRace {

  /**
   * After which a busy machine, which interrupts the threads anywhere, has made up for the rest.
   */
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(20);

  private CloseRace() {}

  /** A call that another thread makes while something is closed. */
  public interface Call<T> {
    /** Makes it. */
    void on(T object) throws Exception;
  }

  /**
   * Runs the calls, a close and the opening of foreign descriptors at once, round after round.
   *
   * @param rounds how many, unless that takes very long
   * @param closed what a call may throw after the close
   */
  @SafeVarargs
  public static <T extends AutoCloseable> void run(
      int rounds,
      Callable<T> opening,
      Predicate<T> isOpen,
      Class<? extends Exception> closed,
      Call<? super T>... calls)
      throws Exception {
    Round<T> round = new Round<>();
    Rendezvous rendezvous = new Rendezvous(calls.length + 2);
    try (Crew crew = new Crew()) {
      for (Call<? super T> call : calls) {
        crew.start(
            () ->
                runInRounds(
                    rendezvous,
                    () -> {
                      T object = round.object;
                      try {
                        call.on(object);
                      } catch (Exception e) {
                        if (!closed.isInstance(e)) {
                          throw e;
                        }
                        assertFalse(isOpen.test(object));
                      }
                    }));
      }
      crew.start(() -> runInRounds(rendezvous, () -> round.object.close()));
      long start = System.nanoTime();
      for (int i = 0; i < rounds && System.nanoTime() - start < LONGEST_NANOS; i++) {
        T object = round.object = opening.call();
        boolean complete = rendezvous.race();
        try (ForeignDescriptors foreign = new ForeignDescriptors()) {
          complete &= rendezvous.await();
          foreign.assertUntouched();
        } finally {
          object.close();
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

  /** What this round is about: the rendezvous comes between write and reads. */
  private static final class Round<T> {
    private T object;
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
}
