package io.github.selectors4j.frameworks;

import static org.junit.jupiter.api.Assertions.fail;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.ReadyHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The sockets of a C library in a selector, by the numbers that the library tells; and how often
 * such a number named another socket than before.
 */
final class LibrarySockets implements AutoCloseable {
  /** How long a library may need for anything here, on a busy machine. */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final BaseSelector selector;
  private final Map<Integer, String> lastNamed = new HashMap<>();
  private int reopened;
  private int reused;

  LibrarySockets(Mechanism mechanism) throws IOException {
    selector = mechanism.open();
  }

  /** Has the handler called when the number is ready for these events, whatever it names by now. */
  void watch(int fd, int events, ReadyHandler handler) throws IOException {
    String named = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
    String before = lastNamed.put(fd, named);
    boolean another = before != null && !before.equals(named);
    if (selector.isRegistered(fd)) {
      reopened += another ? 1 : 0;
      selector.modify(fd, events, handler);
    } else {
      reused += another ? 1 : 0;
      selector.register(fd, events, handler);
    }
  }

  void forget(int fd) {
    selector.unregister(fd);
  }

  /** How many numbers named another socket when they were modified. */
  int reopened() {
    return reopened;
  }

  /** How many numbers named another socket when they were registered than they did before. */
  int reused() {
    return reused;
  }

  /**
   * Selects until the condition holds.
   *
   * @param awaited what to say that was waited for in vain
   */
  void selectUntil(BooleanSupplier condition, Supplier<String> awaited) throws IOException {
    long deadline = deadline();
    while (!condition.getAsBoolean()) {
      selectOnce(deadline, Long.MAX_VALUE, awaited);
    }
  }

  /** When what begins now has to be done, as {@code System.nanoTime()}. */
  static long deadline() {
    return System.nanoTime() + LIMIT.toNanos();
  }

  /**
   * Selects once, for at most so long; fails after the deadline.
   *
   * @param awaited what to say that was waited for in vain
   */
  void selectOnce(long deadline, long timeoutNanos, Supplier<String> awaited) throws IOException {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      fail(selector + ": no " + awaited.get() + " within " + LIMIT.toSeconds() + " s");
    }
    selector.selectNanos(
        Math.min(left, timeoutNanos),
        (key, events) -> ((ReadyHandler) key.data()).ready(key, events));
  }

  @Override
  public void close() {
    selector.close();
  }
}
