package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.Elapsed.assertStillWorks;
import static io.github.selectors4j.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.select.Kevent;
import io.github.selectors4j.select.Kqueue;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** CPython's {@code KqueueSelectorTestCase}. */
@RequiresMechanism(Mechanism.KQUEUE)
class KqueueSelectorTest extends ScalableSelectorTestCase {
  @Override
  BaseSelector open() throws IOException {
    return KqueueSelector.open();
  }

  /** By EPIPE or, on NetBSD, by EBADF. */
  @Test
  void aPipeWithoutAReaderIsRefusedWithTheReason() throws Exception {
    try (KqueueSelector selector = KqueueSelector.open();
        TestPipe broken = TestPipe.open()) {
      broken.closeSource();
      assertRefused(
          SystemCallException.class,
          () -> selector.register(broken.sink, EVENT_WRITE),
          broken.sink,
          "its other end is closed");
      assertTrue(selector.getMap().isEmpty());
      assertStillWorks(selector);
    }
  }

  /** A filter that stayed behind would be reported to nobody, and make every wait spin. */
  @Test
  void aModifyThatKqueueRefusesInPartLeavesNoFilterBehind() throws Exception {
    try (KqueueSelector selector = KqueueSelector.open();
        TestPipe pipe = TestPipe.open();
        TestPipe broken = TestPipe.open()) {
      broken.closeSource();
      selector.register(pipe.sink, EVENT_WRITE);
      assertEquals(pipe.sink, TestLibrary.dup2(broken.sink, pipe.sink));
      assertRefused(
          SystemCallException.class,
          () -> selector.modify(pipe.sink, EVENT_READ | EVENT_WRITE),
          pipe.sink);
      assertTrue(selector.getMap().isEmpty());
      Kevent removal = new Kevent(pipe.sink, Kqueue.KQ_FILTER_READ, Kqueue.KQ_EV_DELETE, 0, 0, 0);
      // Not closed: the queue is the selector's.
      Kqueue queue = Kqueue.fromFd(selector.fileno());
      SystemCallException absent =
          assertRefused(
              SystemCallException.class, () -> queue.control(List.of(removal), 0, Duration.ZERO));
      assertEquals("ENOENT", absent.errnoName());
      assertStillWorks(selector);
    }
  }

  /** Also of the default, which has others take what kqueue refuses. */
  @Test
  void aSelectorInItself() throws Exception {
    try (KqueueSelector own = KqueueSelector.open();
        BaseSelector selector = DefaultSelector.open()) {
      assertRefused(
          SystemCallException.class,
          () -> own.register(own, EVENT_READ),
          own,
          "a queue can't watch itself");
      if (selector instanceof KqueueSelector) {
        assertRefused(
            SystemCallException.class,
            () -> selector.register(selector, EVENT_READ),
            "a queue can't watch itself");
      }
      assertStillWorks(selector);
    }
  }
}
