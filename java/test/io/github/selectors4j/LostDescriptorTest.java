package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.Elapsed.assertStillWorks;
import static io.github.selectors4j.Elapsed.assertWaitsOut;
import static io.github.selectors4j.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A registered descriptor that is closed behind the selector's back. */
class LostDescriptorTest {

  /** Whether the mechanism looks descriptors up anew in each call, and so sees that one is lost. */
  private static boolean reportsLoss(Mechanism mechanism) {
    return switch (mechanism) {
      case POLL, SELECT, DEVPOLL -> true;
      case EPOLL, KQUEUE -> false;
    };
  }

  @EveryMechanism
  void isReportedOnEveryCallOrForgotten(Mechanism mechanism) throws Exception {
    for (int events : new int[] {EVENT_READ, EVENT_WRITE, EVENT_READ | EVENT_WRITE}) {
      try (BaseSelector selector = mechanism.open();
          TestPipe pipe = TestPipe.open()) {
        SelectorKey key = selector.register(pipe.source, events);
        pipe.closeSource();
        if (reportsLoss(mechanism)) {
          for (int call = 0; call < 3; call++) {
            assertEquals(List.of(new ReadyKey(key, events)), selector.select());
          }
        } else {
          assertWaitsOut(selector);
        }
        assertSame(key, selector.getKey(pipe.source));
        assertSame(key, selector.unregister(pipe.source));
        assertWaitsOut(selector);
      }
    }
  }

  @EveryMechanism
  void neverFailsTheCallNorHidesTheOthers(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe before = TestPipe.readable();
        TestPipe lost = TestPipe.open();
        TestPipe alsoLost = TestPipe.open();
        TestPipe idle = TestPipe.open();
        TestPipe after = TestPipe.readable()) {
      Set<ReadyKey> expected = new HashSet<>();
      expected.add(new ReadyKey(selector.register(before.source, EVENT_READ), EVENT_READ));
      SelectorKey lostKey = selector.register(lost.source, EVENT_READ);
      SelectorKey alsoLostKey = selector.register(alsoLost.source, EVENT_READ);
      selector.register(idle.source, EVENT_READ);
      expected.add(new ReadyKey(selector.register(after.source, EVENT_READ), EVENT_READ));
      lost.closeSource();
      alsoLost.closeSource();
      if (reportsLoss(mechanism)) {
        expected.add(new ReadyKey(lostKey, EVENT_READ));
        expected.add(new ReadyKey(alsoLostKey, EVENT_READ));
      }
      for (int call = 0; call < 3; call++) {
        List<ReadyKey> ready = selector.select();
        assertEquals(expected, new HashSet<>(ready));
        assertEquals(expected.size(), ready.size(), "each once");
      }
      selector.unregister(lost.source);
      selector.unregister(alsoLost.source);
      assertEquals(2, selector.select().size());
    }
  }

  /** The number is no bar to another file, once the key is gone. */
  @EveryMechanism
  void givesItsNumberToTheNext(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe lost = TestPipe.openAt(TestPipe.UNUSED)) {
      SelectorKey key = selector.register(lost.source, EVENT_READ);
      lost.closeSource();
      try (TestPipe next = TestPipe.openAt(lost.source)) {
        assertRefused(
            IllegalStateException.class,
            () -> selector.register(next.source, EVENT_READ),
            next.source);
        assertSame(key, selector.unregister(lost.source));
        SelectorKey nextKey = selector.register(next.source, EVENT_READ);
        assertTrue(selector.selectNow().isEmpty());
        next.write();
        assertEquals(List.of(new ReadyKey(nextKey, EVENT_READ)), selector.select());
        selector.unregister(next.source);
      }
      assertStillWorks(selector);
    }
  }

  @EveryMechanism
  void thatADuplicateKeepsAliveOnEpollIsStillReported(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe kept = TestPipe.readable()) {
      int number = TestLibrary.check(TestLibrary.dup(kept.source));
      SelectorKey key = selector.register(number, EVENT_READ);
      TestLibrary.check(TestLibrary.close(number));
      List<ReadyKey> expected =
          mechanism == Mechanism.KQUEUE ? List.of() : List.of(new ReadyKey(key, EVENT_READ));
      assertEquals(expected, selector.selectNow());
      assertEquals(expected, selector.selectNow());
      selector.unregister(number);
      assertWaitsOut(selector);
    }
  }
}
