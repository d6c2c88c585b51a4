package io.github.selectors4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** A system call that fails once, and what the library makes of that. */
final class Fault {
  /** What the messages of some calls begin with: regular expressions. */
  private static final Map<String, String> IN_MESSAGES =
      Map.ofEntries(
          Map.entry("epoll_pwait2", "epoll_wait\\("),
          Map.entry("ppoll", "poll\\("),
          Map.entry("pselect", "select\\("),
          Map.entry("pipe2", "pipe\\("),
          Map.entry("fcntl(F_SETFD)", "(fcntl|kqueue|pipe|socketpair)\\("),
          Map.entry("fcntl(F_SETFL)", "pipe\\("),
          Map.entry("kevent", "kevent\\(fd "),
          Map.entry("kevent(ADD)", "kevent\\((ADD, )?fd "),
          Map.entry("kevent(DELETE)", "kevent\\(fd "),
          Map.entry("EV_ERROR(ADD)", "kevent\\((ADD, )?fd "),
          Map.entry("EV_ERROR(DELETE)", "kevent\\(fd "),
          Map.entry("EV_ERROR(ENABLE)", "kevent\\((ADD, )?fd "),
          Map.entry("pwrite", "write\\(/dev/poll, .*fd "),
          Map.entry("pwrite(POLLREMOVE)", "write\\(/dev/poll, .*fd "),
          Map.entry("ioctl(DP_POLL)", "ioctl\\(.*DP_POLL\\)"));

  /** By which the system says that it lacks what a call is about. */
  private static final Map<String, Set<String>> ABSENCE =
      Map.of(
          "open(/dev/poll)", Set.of("ENODEV", "ENOENT", "ENXIO"),
          "pidfd_open", Set.of("ENOSYS", "EPERM"));

  private final String call;
  private final String errno;
  private final long after;
  private final AtomicInteger told = new AtomicInteger();
  private boolean made;

  /**
   * Not in force yet.
   *
   * @param after how many calls succeed before it
   */
  Fault(String call, String errno, long after) {
    this.call = call;
    this.errno = errno;
    this.after = after;
  }

  /** Work that may fail. */
  interface Work {
    void run() throws Exception;
  }

  void arm() {
    Interposed.reset();
    Interposed.fail(call, errno, after, 1);
  }

  /** From here on, nothing fails. */
  void disarm() {
    made = Interposed.failed() > 0;
    Interposed.reset();
  }

  /** Whether it tells, falsely, that an epoll set does not watch a file. */
  boolean deniesAnEntry() {
    return call.equals("epoll_ctl(MOD)") && !errno.equals("ENOMEM");
  }

  /** Whether it came to it. */
  boolean wasMade() {
    return made;
  }

  /** How many exceptions told of it. */
  int told() {
    return told.get();
  }

  /** Whether the work fails, for this fault's sake. */
  boolean fails(Work work) throws Exception {
    try {
      work.run();
      return false;
    } catch (SystemCallException e) {
      check(e);
    } catch (UncheckedIOException e) {
      check((SystemCallException) e.getCause());
    } catch (UnsupportedOperationException e) {
      assertTrue(ABSENCE.getOrDefault(call, Set.of()).contains(errno), e::toString);
      String lacking = call.replaceAll(".*\\(|\\)", "");
      assertTrue(String.valueOf(e.getMessage()).contains(lacking), e::toString);
      told.incrementAndGet();
    }
    return true;
  }

  /** What the work returns, at its second attempt if the first one failed for this fault's sake. */
  <T> T attempt(Callable<T> work) throws Exception {
    Object[] result = new Object[1];
    if (fails(() -> result[0] = work.call())) {
      return work.call();
    }
    @SuppressWarnings("unchecked")
    T first = (T) result[0];
    return first;
  }

  /** Whether it tells, falsely, that an epoll set watches a file, which then can't be changed. */
  private boolean isFoundOut(SystemCallException e) {
    return call.equals("epoll_ctl(ADD)")
        && errno.equals("EEXIST")
        && e.call().startsWith("epoll_ctl(MOD")
        && "ENOENT".equals(e.errnoName());
  }

  private void check(SystemCallException e) {
    if (isFoundOut(e)) {
      told.incrementAndGet();
      return;
    }
    assertEquals(errno, e.errnoName(), e::toString);
    String name = IN_MESSAGES.getOrDefault(call, Pattern.quote(call.replace(")", "")));
    assertTrue(Pattern.compile(name).matcher(e.call()).lookingAt(), e::toString);
    assertTrue(String.valueOf(e.getMessage()).contains("(" + errno + ")"), e::toString);
    told.incrementAndGet();
  }
}
