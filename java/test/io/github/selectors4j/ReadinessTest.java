package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** What select reports: every ready key, once, with both sides merged and masked. */
class ReadinessTest {
  private static final int BOTH = EVENT_READ | EVENT_WRITE;

  @EveryMechanism
  void bothSidesAreMergedAndMaskedByWhatTheKeyAsked(Mechanism mechanism) throws Exception {
    int[] sockets = new int[2];
    TestLibrary.check(TestLibrary.socketpair(sockets));
    try (BaseSelector selector = mechanism.open()) {
      selector.register(sockets[0], BOTH);
      assertReady(selector, sockets[0], EVENT_WRITE);
      TestLibrary.write(sockets[1], (byte) 1);
      assertReady(selector, sockets[0], BOTH);
      selector.modify(sockets[0], EVENT_READ);
      assertReady(selector, sockets[0], EVENT_READ);
      selector.modify(sockets[0], EVENT_WRITE);
      assertReady(selector, sockets[0], EVENT_WRITE);
      assertTrue(selector.selectNow().get(0).isWritable());
      assertFalse(selector.selectNow().get(0).isReadable());
    }
    TestLibrary.check(TestLibrary.close(sockets[0]));
    TestLibrary.check(TestLibrary.close(sockets[1]));
  }

  @EveryMechanism
  void theEndOfTheStreamIsReadable(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      selector.register(pipe.source, EVENT_READ);
      pipe.closeSink();
      assertReady(selector, pipe.source, EVENT_READ);
    }
  }

  @EveryMechanism
  void aBrokenPipeIsWritable(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      selector.register(pipe.sink, EVENT_WRITE);
      pipe.closeSource();
      assertReady(selector, pipe.sink, EVENT_WRITE);
    }
  }

  /** POLLHUP and POLLERR come unasked; left unreported they would make the next wait spin. */
  @EveryMechanism
  void hangUpAndErrorWakeWhicheverSideAsked(Mechanism mechanism) throws Exception {
    switch (mechanism) {
      case EPOLL, DEVPOLL, POLL -> {
        try (BaseSelector selector = mechanism.open();
            TestPipe hungUp = TestPipe.open();
            TestPipe broken = TestPipe.open()) {
          selector.register(hungUp.source, EVENT_WRITE);
          hungUp.closeSink();
          assertReady(selector, hungUp.source, EVENT_WRITE);
          selector.modify(hungUp.source, BOTH);
          assertReady(selector, hungUp.source, BOTH);
          selector.unregister(hungUp.source);
          selector.register(broken.sink, EVENT_READ);
          broken.closeSource();
          assertReady(selector, broken.sink, EVENT_READ);
        }
      }
      case KQUEUE, SELECT -> {
        try (BaseSelector selector = mechanism.open();
            TestPipe hungUp = TestPipe.open()) {
          selector.register(hungUp.source, BOTH);
          hungUp.closeSink();
          assertTrue(selector.select().get(0).isReadable(), "the end of the stream");
        }
      }
    }
  }

  private static void assertReady(BaseSelector selector, int fd, int events) throws IOException {
    assertEquals(List.of(new ReadyKey(selector.getKey(fd), events)), selector.select());
  }

  /** Around and far beyond the powers of two that buffers are made of; growing and shrinking. */
  @EveryMechanism
  void noBufferHidesOrRepeatsAKey(Mechanism mechanism) throws Exception {
    Mechanisms.assumeNoFdSetsize(mechanism);
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable()) {
      for (int count : new int[] {1, 31, 32, 33, 257, 1025, 3000, 2}) {
        try (Duplicates duplicates = Duplicates.of(pipe.source, count)) {
          for (int fd : duplicates.fds()) {
            selector.register(fd, EVENT_READ);
          }
          List<Integer> handed = new ArrayList<>();
          assertEquals(count, selector.selectNow((key, events) -> handed.add(key.fd())));
          assertEquals(count, handed.size());
          assertEquals(new HashSet<>(duplicates.fds()), new HashSet<>(handed));
          assertEquals(count, selector.select().size());
          duplicates.fds().forEach(selector::unregister);
        }
      }
    }
  }

  @EveryMechanism
  void numbersBeyondFdSetsizeAreLikeAnyOther(Mechanism mechanism) throws Exception {
    Mechanisms.assumeNoFdSetsize(mechanism);
    int[] numbers = {1023, 1024, 1025, 4095, 9001};
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      for (int number : numbers) {
        TestLibrary.check(TestLibrary.dup2(pipe.source, number));
        selector.register(number, EVENT_READ);
      }
      assertTrue(selector.selectNow().isEmpty());
      pipe.write();
      assertEquals(numbers.length, selector.select().size());
      for (int number : numbers) {
        selector.unregister(number);
        TestLibrary.check(TestLibrary.close(number));
      }
      assertEquals(0, selector.selectNow().size());
    }
  }

  @EveryMechanism
  void everyDescriptorOfTheLibraryIsCloseOnExec(Mechanism mechanism) throws Exception {
    Map<Integer, String> before = DescriptorLeakCheck.openDescriptors();
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable()) {
      selector.register(pipe.source, EVENT_READ);
      selector.wakeup();
      selector.select();
      for (int fd : DescriptorLeakCheck.openDescriptors().keySet()) {
        assertTrue(
            before.containsKey(fd) || TestLibrary.getFd(fd) == TestLibrary.FD_CLOEXEC,
            () -> "fd " + fd + " is inherited");
      }
    }
  }
}
