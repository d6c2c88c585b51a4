package io.github.selectors4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TimersAndTasksTest {
  @Test
  void showsTimersTasksAndDescriptors() throws Exception {
    try (ExampleProcess example = ExampleProcess.start(TimersAndTasks.class)) {
      List<String> lines = example.awaitEnd();
      assertEquals(0, example.process.waitFor());
      String output = String.join("\n", lines);
      assertTrue(output.contains("a thread has found the sum 50000005000000"), output);
      assertTrue(output.contains("5 bytes have come"), output);
      long previous = 0;
      for (String tick : lines.stream().filter(line -> line.endsWith("tick")).toList()) {
        long millis = Long.parseLong(tick.replaceAll(" ms.*", "").strip());
        assertTrue(millis >= previous + 250, output);
        previous = millis;
      }
      assertTrue(previous > 0, output);
    }
  }

  @Test
  void runsTasksOfEveryThreadOnceEachAndInOrder() throws Exception {
    int threads = 4;
    int tasksPerThread = 5000;
    try (TimersAndTasks loop = new TimersAndTasks()) {
      List<List<Integer>> ran = new ArrayList<>();
      List<Thread> started = new ArrayList<>();
      int[] left = {threads * tasksPerThread};
      for (int i = 0; i < threads; i++) {
        List<Integer> mine = new ArrayList<>();
        ran.add(mine);
        Thread thread =
            new Thread(
                () -> {
                  for (int number = 0; number < tasksPerThread; number++) {
                    int task = number;
                    loop.execute(
                        () -> {
                          mine.add(task);
                          if (--left[0] == 0) {
                            loop.stop();
                          }
                        });
                  }
                });
        thread.start();
        started.add(thread);
      }
      loop.run();
      for (Thread thread : started) {
        thread.join();
      }
      for (List<Integer> tasks : ran) {
        assertEquals(tasksPerThread, tasks.size());
        assertEquals(tasks.stream().sorted().toList(), tasks);
      }
    }
  }

  @Test
  void runsTimersInTheOrderOfTheirDeadlinesAndNeverEarly() throws Exception {
    List<Scheduled> ran = new ArrayList<>();
    try (TimersAndTasks loop = new TimersAndTasks()) {
      for (int millis : new int[] {30, 10, 20, 0}) {
        Scheduled timer = new Scheduled(Duration.ofMillis(millis));
        loop.schedule(timer.delay, () -> timer.run(ran));
        timer.end = System.nanoTime();
      }
      loop.schedule(Duration.ofMillis(40), loop::stop);
      loop.run();
    }
    assertEquals(4, ran.size());
    for (int i = 1; i < ran.size(); i++) {
      Scheduled first = ran.get(i - 1);
      Scheduled second = ran.get(i);
      assertTrue(
          first.begin + first.delay.toNanos() <= second.end + second.delay.toNanos(),
          () -> first.delay + " came before " + second.delay);
    }
  }

  /** A timer whose deadline is its delay after some moment from {@code begin} to {@code end}. */
  private static final class Scheduled {
    final Duration delay;
    final long begin = System.nanoTime();
    long end;

    Scheduled(Duration delay) {
      this.delay = delay;
    }

    void run(List<Scheduled> ran) {
      assertTrue(System.nanoTime() - begin >= delay.toNanos(), "early");
      ran.add(this);
    }
  }
}
