package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** What an awaiter says of a system call that fails: what that one means, and not another. */
@Tag(Interposed.ONLY)
@Timeout(60)
class AwaiterFaultTest extends DescriptorTestCase {

  private static final Duration LONG = Duration.ofSeconds(30);

  /** What epoll's refusals of a change may mean. */
  private static final List<String> OF_CHANGES = List.of("sets", "itself", "max_user_watches");

  @AfterEach
  void nothingFailsAnyMore() {
    Interposed.reset();
  }

  @EveryMechanism
  void aRefusedAdditionIsToldWithItsObjectAndItsMeaning(Mechanism mechanism) throws Exception {
    if (mechanism != Mechanism.EPOLL) {
      return; // The others say no more than the system's words.
    }
    Awaiter awaiter = addCleanup(Awaiter.open(mechanism));
    TestDescriptor.Pair pair = makeSocketPair();
    for (String errno : List.of("ENOSPC", "ENOMEM")) {
      Interposed.fail("epoll_ctl(ADD)", errno, 0, 1);
      SystemCallException refusal =
          assertRefused(
              SystemCallException.class,
              () -> awaiter.await(pair.rd(), EVENT_READ),
              "epoll_ctl(ADD, fd " + pair.rd().fileno() + ")",
              "(" + errno + ")",
              pair.rd());
      assertEquals(
          errno.equals("ENOSPC"), refusal.getMessage().contains("max_user_watches"), errno);
    }
    pair.wr().write("x");
    assertEquals(EVENT_READ, awaiter.await(pair.rd(), EVENT_READ));
  }

  /** Where the poller makes the changes, nobody else is told of one that fails. */
  @EveryMechanism
  void aRefusalIsToldToThoseAloneWhoWaitForTheNumber(Mechanism mechanism) throws Exception {
    if (mechanism != Mechanism.DEVPOLL) {
      return;
    }
    Awaiter awaiter = addCleanup(Awaiter.open(mechanism));
    TestDescriptor.Pair pair = makeSocketPair();
    TestPipe other = addCleanup(TestPipe.open());
    try (var waiting = AwaitThread.start(SelectThread::daemon, awaiter, other.source, EVENT_READ)) {
      assertEquals(0, awaiter.await(pair.rd(), EVENT_READ, Duration.ofMillis(1)));
      // Told by the poller, which has added the others by then.
      TestPipe ready = addCleanup(TestPipe.readable());
      assertEquals(EVENT_READ, awaiter.await(ready.source, EVENT_READ));
      for (String errno : List.of("ENOMEM", "EINVAL")) {
        Interposed.fail("pwrite", errno, 0, Interposed.ALWAYS); // the last change may come yet
        assertRefused(
            SystemCallException.class,
            () -> awaiter.await(pair.rd(), EVENT_READ),
            "write(/dev/poll, ADD fd " + pair.rd().fileno() + ")",
            "(" + errno + ")",
            pair.rd());
      }
      Interposed.reset();
      other.write();
      assertEquals(EVENT_READ, waiting.result());
      pair.wr().write("x");
      assertEquals(EVENT_READ, awaiter.await(pair.rd(), EVENT_READ));
    }
  }

  /** All who wait at the time are told, each of what he waits for; then all is as before. */
  @EveryMechanism
  void aFailedWaitIsToldOfTheWait(Mechanism mechanism) throws Exception {
    Awaiter awaiter = addCleanup(Awaiter.open(mechanism));
    TestDescriptor.Pair pair = makeSocketPair();
    TestPipe other = addCleanup(TestPipe.open());
    try (var byObject = AwaitThread.start(SelectThread::daemon, awaiter, pair.rd(), EVENT_READ);
        var byNumber = AwaitThread.start(SelectThread::daemon, awaiter, other.source, EVENT_READ)) {
      TestPipe next = addCleanup(TestPipe.readable());
      // Of /dev/poll less is asked before that is taken for a failure.
      int times = mechanism == Mechanism.DEVPOLL ? 2 : 1;
      for (String call : FaultScenario.waits(mechanism)) {
        Interposed.fail(call, "EINVAL", 0, times);
      }
      while (!byObject.isDone() || !byNumber.isDone()) {
        try {
          awaiter.await(next.source, EVENT_READ, LONG); // ends the wait in progress
        } catch (SystemCallException sameFailure) {
          continue;
        }
      }
      assertTells(byObject.exception(), mechanism, pair.rd(), pair.rd().fileno());
      assertTells(byNumber.exception(), mechanism, "fd " + other.source, other.source);
    }
    Interposed.reset();
    pair.wr().write("x");
    assertEquals(EVENT_READ, awaiter.await(pair.rd(), EVENT_READ));
  }

  private static void assertTells(
      Throwable failure, Mechanism mechanism, Object object, int number) {
    SystemCallException refusal = (SystemCallException) failure;
    String message = String.valueOf(refusal.getMessage());
    String call = FaultScenario.waits(mechanism).get(0).replaceFirst("^pselect|\\(.*", "");
    assertTrue(refusal.call().contains(call), message);
    assertEquals("EINVAL", refusal.errnoName());
    assertTrue(message.contains(object.toString()), message);
    assertTrue(
        message.contains(number + " was awaited") || message.contains("(fd " + number), message);
    OF_CHANGES.forEach(meaning -> assertFalse(message.contains(meaning), message));
  }

  @EveryMechanism
  void aFailedLookIsToldOfTheLook(Mechanism mechanism) throws Exception {
    if (mechanism == Mechanism.POLL) {
      return; // The poller makes the same call.
    }
    Awaiter awaiter = addCleanup(Awaiter.open(mechanism));
    TestDescriptor.Pair pair = makeSocketPair();
    Interposed.fail("poll", "EINVAL", 0, 1);
    SystemCallException refusal =
        assertRefused(
            SystemCallException.class,
            () -> awaiter.await(pair.rd(), EVENT_READ, Duration.ZERO),
            "poll(fd " + pair.rd().fileno() + ")",
            "(EINVAL)",
            pair.rd());
    OF_CHANGES.forEach(
        meaning -> assertFalse(refusal.getMessage().contains(meaning), refusal::getMessage));
  }
}
