package io.github.selectors4j.internal.loading;

import io.github.selectors4j.DefaultSelector;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.SelectSelector;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.select.Epoll;
import io.github.selectors4j.select.Kqueue;
import io.github.selectors4j.select.Poll;
import io.github.selectors4j.select.Select;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that uses the library for the first time, then in every other way. Prints {@code
 * loaded} when all of them work; {@code failed}, the error and its causes when all throw the very
 * same one.
 */
public final class LoadAttempt {
  private LoadAttempt() {}

  public static void main(String[] args) {
    List<Use> uses =
        List.of(
            () -> Mechanism.EPOLL.isAvailable(),
            () -> DefaultSelector.open().close(),
            () -> Mechanism.best(),
            () -> Mechanism.KQUEUE.isAvailable(),
            () -> SelectSelector.open().close(),
            () -> Epoll.isAvailable(),
            () -> Kqueue.isAvailable(),
            () -> Poll.open().close(),
            () -> Select.select(List.of(), List.of(), List.of(), Duration.ZERO),
            () -> Errno.exception("a call", 1).errnoName(),
            () -> NativeLibrary.load(),
            () -> Mechanism.EPOLL.isAvailable());
    List<Throwable> failures = new ArrayList<>();
    for (Use use : uses) {
      try {
        use.run();
      } catch (Throwable e) {
        failures.add(e);
      }
    }
    System.out.println(outcome(failures, uses.size()));
  }

  private static String outcome(List<Throwable> failures, int uses) {
    if (failures.isEmpty()) {
      return "loaded";
    }
    Throwable first = failures.get(0);
    if (failures.size() < uses || !failures.stream().allMatch(failure -> failure == first)) {
      return "not always the same: " + failures;
    }
    StringBuilder outcome = new StringBuilder("failed");
    for (Throwable cause = first; cause != null; cause = cause.getCause()) {
      outcome.append('\n').append(cause);
    }
    return outcome.toString();
  }

  private interface Use {
    void run() throws Exception;
  }
}
