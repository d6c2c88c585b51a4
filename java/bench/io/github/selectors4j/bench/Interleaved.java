package io.github.selectors4j.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures contenders in rounds: each takes a batch of turns in every round, so that what slows the
 * machine slows them all. JMH measures one after the other, minutes apart. A batch in which the
 * thread lost its processor to another is taken again. Prints a line of JSON for each contender,
 * with the nanoseconds per turn of each round.
 */
final class Interleaved {

  private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);

  private static final int FEWEST_ROUNDS = 5;

  private static final long BATCH_NANOS = 1_000L * Integer.getInteger("bench.batchMicros", 500);

  /** For how long a batch is taken again that was interrupted for the sake of other programs. */
  private static final long RETRY_NANOS = 10 * BATCH_NANOS;

  private static final long WARMUP_NANOS = 1_000_000L * Integer.getInteger("bench.warmup", 50);

  private static final int WARMUP_TURNS = 10;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final String suite;
  private final int rounds;
  private final Map<String, Contender.Opening> openings = new LinkedHashMap<>();

  Interleaved(String suite) {
    this(suite, 1);
  }

  /** With fewer rounds, divided by that. */
  Interleaved(String suite, int divisor) {
    this.suite = suite;
    rounds = Math.max(Math.min(ROUNDS, FEWEST_ROUNDS), ROUNDS / divisor);
  }

  /** Adds a contender to what the next call measures. */
  Interleaved with(String name, Contender.Opening opening) {
    openings.put(name, opening);
    return this;
  }

  /** Lets the compilers see the work before it is measured, some times longer than usual. */
  void warmUp(int times) {
    show(times).stream().filter(entrant -> entrant.error != null).forEach(e -> e.print("warm-up"));
  }

  private List<Entrant> show(int times) {
    List<Entrant> entrants = open();
    warmUp(entrants, times * WARMUP_NANOS);
    entrants.forEach(Entrant::close);
    openings.clear();
    return entrants;
  }

  /** Adds contenders that wait for some pipes, of which some are ready. */
  @FunctionalInterface
  interface Waits {
    void add(Interleaved suite, Pipes pipes, int ready);
  }

  /**
   * Measures waits for so many pipes, of which so many are ready: rows that compilers see first.
   */
  void measure(int[][] rows, Waits waits) throws IOException {
    for (int[] row : rows) {
      try (Pipes pipes = new Pipes(row[0], row[1])) {
        waits.add(this, pipes, row[1]);
        show(1); // who fails is told so when it is measured
      }
    }
    for (int[] row : rows) {
      try (Pipes pipes = new Pipes(row[0], row[1])) {
        waits.add(this, pipes, row[1]);
        measure(row[0] + " / " + row[1]);
      }
    }
  }

  /** Measures all that were added, all of them open at once. */
  void measure(String name) {
    List<Entrant> entrants = open();
    warmUp(entrants, WARMUP_NANOS);
    List<Entrant> turns = new ArrayList<>(entrants);
    for (int round = 0; round < rounds; round++) {
      Collections.shuffle(turns);
      for (Entrant entrant : turns) {
        entrant.takeBatch(round);
      }
    }
    for (Entrant entrant : entrants) {
      entrant.close();
      entrant.print(name);
    }
    openings.clear();
  }

  /** The same, each opened anew for each round: no two of them see a descriptor at a time. */
  void measureApart(String name) {
    List<Entrant> entrants = new ArrayList<>();
    openings.forEach((contender, opening) -> entrants.add(new Entrant(contender, opening)));
    for (int round = -1; round < rounds; round++) {
      for (int i = 0; i < entrants.size(); i++) {
        Entrant entrant = entrants.get((round + 1 + i) % entrants.size());
        entrant.open();
        entrant.warmUp(round < 0 ? WARMUP_NANOS : 0);
        entrant.takeBatch(Math.max(round, 0));
        entrant.close();
      }
    }
    entrants.forEach(entrant -> entrant.print(name));
    openings.clear();
  }

  /** By turns, so that none finds all that the JDK has in common compiled for another one. */
  private static void warmUp(List<Entrant> entrants, long nanos) {
    for (int turn = 0; turn < WARMUP_TURNS; turn++) {
      entrants.forEach(entrant -> entrant.warmUp(nanos / WARMUP_TURNS));
    }
  }

  private List<Entrant> open() {
    List<Entrant> entrants = new ArrayList<>();
    openings.forEach((contender, opening) -> entrants.add(new Entrant(contender, opening)));
    entrants.forEach(Entrant::open);
    return entrants;
  }

  /** A contender with what was measured of it. */
  private final class Entrant {
    private final String name;
    private final Contender.Opening opening;
    private final double[] nanos = new double[rounds];
    private Contender contender;
    private int turns = 1;
    private Throwable error;

    Entrant(String name, Contender.Opening opening) {
      this.name = name;
      this.opening = opening;
    }

    void open() {
      attempt(() -> contender = opening.open());
    }

    void warmUp(long nanos) {
      attempt(
          () -> {
            // Of the processor's time, since on a busy machine the compilers get as little of it.
            long start = THREADS.getCurrentThreadCpuTime();
            long end = System.nanoTime() + 20 * nanos;
            do {
              long taken = Math.max(1, take(turns));
              turns = (int) Math.max(1, Math.min(4L * turns, BATCH_NANOS * turns / taken));
            } while (THREADS.getCurrentThreadCpuTime() - start < nanos && System.nanoTime() < end);
          });
    }

    void takeBatch(int round) {
      attempt(
          () -> {
            long end = System.nanoTime() + RETRY_NANOS;
            long before;
            do {
              before = Natives.preemptions();
              nanos[round] = (double) take(turns) / turns;
            } while (Natives.preemptions() != before && System.nanoTime() < end);
          });
    }

    void close() {
      attempt(() -> contender.close());
    }

    void print(String caseName) {
      String result =
          error == null
              ? "\"values\": " + Arrays.toString(nanos)
              : "\"error\": \"" + error.toString().replaceAll("[\"\\\\\\p{Cntrl}]", " ") + '"';
      System.out.printf(
          "{\"suite\": \"%s\", \"case\": \"%s\", \"contender\": \"%s\", %s}%n",
          suite, caseName, name, result);
    }

    private long take(int turns) throws Exception {
      long taken = contender.take(turns);
      if (taken < 0) {
        throw new IllegalStateException("did not find what it should have");
      }
      return taken;
    }

    /** A contender that failed once is out. */
    private void attempt(Step step) {
      if (error == null) {
        try {
          step.run();
        } catch (Throwable t) {
          error = t;
        }
      }
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }
}
