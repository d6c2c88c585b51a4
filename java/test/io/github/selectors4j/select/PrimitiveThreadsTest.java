package io.github.selectors4j.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.Interposed;
import io.github.selectors4j.TestLibrary;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The primitives between threads, and after they are closed. */
@Tag(Interposed.TOO)
class PrimitiveThreadsTest {
  /** Bad itself, which a closed object does not come to look at. */
  private static final Duration TOO_LONG = Duration.ofDays(99);

  @Test
  void aSecondConcurrentPollIsRefused() throws Exception {
    int[] pipe = new int[2];
    TestLibrary.check(TestLibrary.pipe(pipe));
    try (Poll poll = Poll.open()) {
      poll.register(pipe[0], Poll.POLLIN);
      FutureTask<List<FdEvent>> first = new FutureTask<>(() -> pollOnceAlone(poll));
      Thread thread = new Thread(first, "poll");
      thread.start();
      assertRefusedWhilePolling(poll);
      TestLibrary.write(pipe[1], (byte) 1);
      assertEquals(List.of(new FdEvent(pipe[0], Poll.POLLIN)), first.get(30, TimeUnit.SECONDS));
      thread.join();
      assertEquals(List.of(new FdEvent(pipe[0], Poll.POLLIN)), poll.poll(Duration.ZERO));
    }
    TestLibrary.check(TestLibrary.close(pipe[0]));
    TestLibrary.check(TestLibrary.close(pipe[1]));
  }

  private static List<FdEvent> pollOnceAlone(Poll poll) throws IOException {
    while (true) {
      try {
        return poll.poll(null);
      } catch (IllegalStateException theOtherWasFirst) {
        Thread.onSpinWait();
      }
    }
  }

  /** Until the first one is in its wait, the second one may still slip in and return. */
  private static void assertRefusedWhilePolling(Poll poll) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (System.nanoTime() - deadline < 0) {
      try {
        assertTrue(poll.poll(Duration.ZERO).isEmpty());
      } catch (IllegalStateException refused) {
        return;
      }
    }
    throw new AssertionError("two polls at once");
  }

  @Test
  void aClosedPollIsRefused() throws Exception {
    Poll poll = Poll.open();
    poll.register(0, Poll.POLLIN);
    poll.close();
    poll.close();
    assertAllRefused(
        () -> poll.register(0),
        () -> poll.register(0, Poll.POLLIN),
        () -> poll.modify(0, Poll.POLLIN),
        () -> poll.unregister(0),
        () -> poll.poll(Duration.ZERO),
        () -> poll.poll(TOO_LONG));
  }

  @Test
  void aClosedEpollIsRefused() throws Exception {
    if (!Epoll.isAvailable()) {
      assertThrowsExactly(UnsupportedOperationException.class, Epoll::open);
      return;
    }
    Epoll epoll = Epoll.open();
    epoll.close();
    epoll.close();
    assertTrue(epoll.isClosed());
    assertAllRefused(
        () -> epoll.register(0),
        () -> epoll.register(0, Epoll.EPOLLIN),
        () -> epoll.modify(0, Epoll.EPOLLIN),
        () -> epoll.unregister(0),
        () -> epoll.poll(Duration.ZERO, 1),
        () -> epoll.poll(Duration.ZERO, 0),
        () -> epoll.poll(TOO_LONG, 1),
        epoll::fileno);
  }

  @Test
  void aClosedDevpollIsRefused() throws Exception {
    if (!Devpoll.isAvailable()) {
      assertThrowsExactly(UnsupportedOperationException.class, Devpoll::open);
      return;
    }
    Devpoll devpoll = Devpoll.open();
    devpoll.close();
    devpoll.close();
    assertTrue(devpoll.isClosed());
    assertAllRefused(
        () -> devpoll.register(0),
        () -> devpoll.register(0, Poll.POLLIN),
        () -> devpoll.modify(0, Poll.POLLIN),
        () -> devpoll.unregister(0),
        () -> devpoll.poll(Duration.ZERO),
        () -> devpoll.poll(TOO_LONG),
        devpoll::fileno);
  }

  @Test
  void aClosedKqueueIsRefused() throws Exception {
    if (!Kqueue.isAvailable()) {
      assertThrowsExactly(UnsupportedOperationException.class, Kqueue::open);
      return;
    }
    Kqueue kqueue = Kqueue.open();
    kqueue.close();
    kqueue.close();
    assertTrue(kqueue.isClosed());
    assertAllRefused(
        () -> kqueue.control(List.of(), 1, Duration.ZERO),
        () -> kqueue.control(null, -4, Duration.ZERO),
        () -> kqueue.control(null, 1, Duration.ofNanos(-1)),
        kqueue::fileno);
  }

  /** A close by another thread must neither crash a wait nor let it touch a stranger's number. */
  @Test
  void closeDuringAPollOfEpollIsRefusedOrFinishes() throws Exception {
    if (!Epoll.isAvailable()) {
      assertThrowsExactly(UnsupportedOperationException.class, Epoll::open);
      return;
    }
    for (int round = 0; round < 200; round++) {
      Epoll epoll = Epoll.open();
      List<Throwable> outcomes = new ArrayList<>();
      Thread polling =
          new Thread(
              () -> {
                try {
                  epoll.poll(Duration.ofMillis(2), 16);
                } catch (IllegalStateException | IOException refused) {
                  outcomes.add(refused);
                }
              });
      polling.start();
      epoll.close();
      polling.join(TimeUnit.SECONDS.toMillis(30));
      assertTrue(!polling.isAlive(), "close left a poll waiting");
      assertTrue(outcomes.isEmpty() || outcomes.get(0) instanceof IllegalStateException);
    }
  }

  private static void assertAllRefused(Executable... calls) {
    for (Executable call : calls) {
      assertThrowsExactly(IllegalStateException.class, call);
    }
  }
}
