package io.github.selectors4j.soak;

import static io.github.selectors4j.BaseSelector.EVENT_READ;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.TestLibrary;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The awaiter with one of the leaks that {@code scripts/soak} is there to find. */
final class DefectiveAwaiter extends SoakAwaiter {

  /** How often it happens: some times in a round. */
  private static final int ONE_IN = 1000;

  /** More would end it before it is looked at. */
  private static final int MOST_DESCRIPTORS = 100;

  private final String defect;
  private final List<Object> leaked = new ArrayList<>();
  private final int neverReady = TestLibrary.check(TestLibrary.eventfd(0));

  private DefectiveAwaiter(Mechanism mechanism, int threads, String defect)
      throws IOException, ReflectiveOperationException {
    super(mechanism, threads);
    this.defect = defect;
  }

  public static void main(String[] arguments) throws Exception {
    int threads = Integer.parseInt(arguments[1]);
    new DefectiveAwaiter(Mechanism.valueOf(arguments[0]), threads, arguments[2]).run();
  }

  @Override
  void ended(long number) throws IOException {
    if (number % ONE_IN != 0) {
      return;
    }
    switch (defect) {
      case "descriptor" -> {
        synchronized (leaked) {
          if (leaked.size() < MOST_DESCRIPTORS) {
            leaked.add(new FileInputStream("/dev/null"));
          }
        }
      }
      case "thread" -> start(new Thread(() -> parkFor(this), "leaked"));
      case "waiter" -> start(kind.newThread(this::waitForNothing));
      default -> throw new IllegalArgumentException(defect);
    }
  }

  private static void start(Thread thread) {
    thread.setDaemon(true);
    thread.start();
  }

  private static void parkFor(Object blocker) {
    while (true) {
      LockSupport.park(blocker);
    }
  }

  private void waitForNothing() {
    try {
      awaiter.await(neverReady, EVENT_READ);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException | RuntimeException theEnd) {
      return;
    }
  }
}
