package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.Elapsed.assertStillWorks;
import static io.github.selectors4j.Refused.assertRefused;
import static io.github.selectors4j.TestLibrary.check;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.select.Devpoll;
import io.github.selectors4j.select.Poll;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The system's refusals whose own words don't tell what is wrong: what is said instead. */
class RefusalReasonTest extends DescriptorTestCase {

  @EveryMechanism
  void aDescriptorOpenedWithPathIsNotTakenAndTheMessageSaysWhy(Mechanism mechanism)
      throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      assertPathIsRefused(selector, pipe);
    }
  }

  @Test
  void norDoesTheDefaultSelectorTakeIt() throws Exception {
    try (BaseSelector selector = DefaultSelector.open();
        TestPipe pipe = TestPipe.open()) {
      assertPathIsRefused(selector, pipe);
    }
  }

  private void assertPathIsRefused(BaseSelector selector, TestPipe pipe) throws Exception {
    int path = check(TestLibrary.open("/", TestLibrary.O_PATH | TestLibrary.O_CLOEXEC));
    addCleanup(() -> check(TestLibrary.close(path)));
    HasFileno object = () -> path;
    assertSaid(TestLibrary.EBADF, () -> selector.register(path, EVENT_READ), path, "O_PATH");
    assertSaid(
        TestLibrary.EBADF, () -> selector.register(object, EVENT_WRITE), object, path, "O_PATH");
    assertTrue(selector.getMap().isEmpty());
    for (int events : new int[] {EVENT_READ, EVENT_WRITE}) {
      check(TestLibrary.dup2(pipe.source, TestPipe.UNUSED));
      selector.register(TestPipe.UNUSED, EVENT_READ);
      check(TestLibrary.dup2(path, TestPipe.UNUSED));
      assertSaid(TestLibrary.EBADF, () -> selector.modify(TestPipe.UNUSED, events), "O_PATH");
      assertRefused(NoSuchElementException.class, () -> selector.getKey(TestPipe.UNUSED));
      check(TestLibrary.close(TestPipe.UNUSED));
    }
    assertTrue(selector.selectNow().isEmpty());
    assertStillWorks(selector);
  }

  /** A sandbox may lower it once all is set up. */
  @EveryMechanism
  void aLimitBelowTheNumberOfKeysIsNamed(Mechanism mechanism) throws Exception {
    int keys = 40;
    int limit = 30;
    try (BaseSelector selector = mechanism.open()) {
      TestPipe first = addCleanup(TestPipe.readable());
      SelectorKey key = selector.register(first.source, EVENT_READ);
      for (int i = 1; i < keys; i++) {
        selector.register(addCleanup(TestPipe.open()).source, EVENT_READ);
      }
      assertEquals(1, selector.selectNow().size());
      if (mechanism == Mechanism.POLL) {
        withLimit(
            limit,
            () -> assertSaid(Errno.EINVAL, selector::select, "RLIMIT_NOFILE is 30", keys + 1));
      } else {
        withLimit(limit, () -> assertReadyOrSaid(selector, key, mechanism, keys + 1));
      }
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select());
    }
  }

  /** Of /dev/poll, Solaris refuses what illumos takes. */
  private static void assertReadyOrSaid(
      BaseSelector selector, SelectorKey key, Mechanism mechanism, int watched) throws Exception {
    try {
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
    } catch (SystemCallException refusal) {
      assertEquals(Mechanism.DEVPOLL, mechanism, refusal::toString);
      assertTrue(refusal.getMessage().contains("RLIMIT_NOFILE is 30"), refusal::toString);
      assertTrue(refusal.getMessage().contains(String.valueOf(watched)), refusal::toString);
    }
  }

  @EveryMechanism
  void ofThePrimitivesToo(Mechanism mechanism) throws Exception {
    if (mechanism == Mechanism.POLL) {
      assertPollNamesTheLimit();
    } else if (mechanism == Mechanism.DEVPOLL) {
      assertDevpollNamesTheLimit();
    }
  }

  private void assertPollNamesTheLimit() throws Exception {
    Poll poll = Poll.open();
    int keys = 40;
    for (int i = 0; i < keys; i++) {
      poll.register(addCleanup(TestPipe.open()).source);
    }
    assertEquals(List.of(), poll.poll(Duration.ZERO));
    withLimit(
        30,
        () ->
            assertSaid(Errno.EINVAL, () -> poll.poll(Duration.ZERO), "RLIMIT_NOFILE is 30", keys));
  }

  /** As many as the limit are refused, too. */
  private void assertDevpollNamesTheLimit() throws Exception {
    Devpoll devpoll = addCleanup(Devpoll.open());
    for (int i = 0; i < 30; i++) {
      devpoll.register(addCleanup(TestPipe.open()).source);
    }
    assertEquals(List.of(), devpoll.poll(Duration.ZERO));
    withLimit(
        30,
        () -> {
          try {
            assertEquals(List.of(), devpoll.poll(Duration.ZERO)); // on illumos
          } catch (SystemCallException refusal) {
            assertTrue(refusal.getMessage().contains("RLIMIT_NOFILE is 30"), refusal::toString);
          }
        });
  }

  private static void withLimit(int limit, Executable action) throws Exception {
    // Nothing can be opened meanwhile, class files neither.
    ScarceDescriptors.loadAll();
    Errno.exception("poll", Errno.EINVAL, Descriptors.limitAdvice(Errno.EINVAL, 1 << 30));
    assertSaid(
        Errno.EINVAL,
        () -> {
          throw Errno.exception("poll", Errno.EINVAL);
        });
    long before = TestLibrary.getOpenFileLimit();
    check(TestLibrary.setOpenFileLimit(limit));
    try {
      action.execute();
    } catch (Throwable t) {
      throw new AssertionError(t);
    } finally {
      check(TestLibrary.setOpenFileLimit(before));
    }
  }

  private static void assertSaid(int errno, Executable call, Object... parts) {
    SystemCallException refusal = assertRefused(SystemCallException.class, call, parts);
    assertEquals(errno, refusal.errno(), refusal::getMessage);
    assertFalse(refusal.getMessage().contains("symbolic"), refusal::getMessage);
  }
}
