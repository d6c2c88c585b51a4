package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.selectors4j.select.Epoll;
import io.github.selectors4j.select.FdEvent;
import io.github.selectors4j.select.Poll;
import io.github.selectors4j.select.Select;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Selectors that others watch by their descriptors. */
@RequiresMechanism(Mechanism.EPOLL)
class NestedSelectorTest extends DescriptorTestCase {

  @EveryMechanism
  void goOnBeingWatchedWhenTheyReplaceTheirSet(Mechanism mechanism) throws Exception {
    BaseSelector outer = addCleanup(mechanism.open());
    EpollSelector inner = addCleanup(EpollSelector.open());
    SelectorKey key = outer.register(inner, EVENT_READ);
    for (int round = 0; round < 3; round++) {
      int number = inner.fileno();
      replaceSet(inner);
      assertEquals(number, inner.fileno());
      assertEquals(List.of(), outer.selectNow());
      try (TestPipe pipe = TestPipe.open()) {
        inner.register(pipe.source, EVENT_READ);
        assertEquals(List.of(), outer.selectNow());
        pipe.write();
        assertEquals(List.of(new ReadyKey(key, EVENT_READ)), outer.select(Duration.ofSeconds(30)));
        inner.unregister(pipe.source);
      }
    }
    assertEquals(List.of(), outer.selectNow());
  }

  @Test
  void goOnBeingWatchedByThePrimitives() throws Exception {
    EpollSelector inner = addCleanup(EpollSelector.open());
    int number = inner.fileno();
    Poll poll = Poll.open();
    poll.register(inner, Poll.POLLIN);
    try (Epoll epoll = Epoll.open();
        TestPipe pipe = TestPipe.open()) {
      epoll.register(inner, Epoll.EPOLLIN);
      replaceSet(inner);
      inner.register(pipe.source, EVENT_READ);
      assertEquals(List.of(), poll.poll(Duration.ZERO));
      assertEquals(List.of(), epoll.poll(Duration.ZERO, 1));
      pipe.write();
      assertEquals(List.of(new FdEvent(number, Poll.POLLIN)), poll.poll(Duration.ofSeconds(30)));
      assertEquals(
          List.of(new FdEvent(number, Epoll.EPOLLIN)), epoll.poll(Duration.ofSeconds(30), 1));
      assertEquals(
          List.of(inner),
          Select.select(List.of(inner), List.of(), List.of(), Duration.ofSeconds(30)).readable());
      inner.unregister(pipe.source);
    }
  }

  /** For whoever waits by the descriptor, and then selects without waiting. */
  @Test
  void areReadableForAWakeupAndForWhatAHandlerLeftOver() throws Exception {
    EpollSelector inner = addCleanup(EpollSelector.open());
    assertReadable(inner, false);
    inner.wakeup();
    assertReadable(inner, true);
    assertEquals(List.of(), inner.selectNow());
    assertReadable(inner, false);
    try (TestPipe one = TestPipe.readable();
        TestPipe two = TestPipe.readable()) {
      inner.register(one.source, EVENT_READ);
      inner.register(two.source, EVENT_READ);
      assertThrows(
          IllegalStateException.class,
          () ->
              inner.selectNow(
                  (key, events) -> {
                    one.read();
                    two.read();
                    throw new IllegalStateException();
                  }));
      assertReadable(inner, true);
      assertEquals(1, inner.selectNow().size());
      assertReadable(inner, false);
      inner.unregister(one.source);
      inner.unregister(two.source);
    }
  }

  @Test
  void haveNoDescriptorOnceTheyAreClosed() throws Exception {
    EpollSelector selector = EpollSelector.open();
    int number = selector.fileno();
    selector.close();
    assertThrows(ClosedSelectorException.class, selector::fileno);
    assertEquals(-TestLibrary.EBADF, TestLibrary.getFd(number));
  }

  private static void assertReadable(EpollSelector selector, boolean readable) throws Exception {
    assertEquals(readable ? Poll.POLLIN : 0, TestLibrary.poll(selector.fileno(), Poll.POLLIN, 0));
  }

  /** An event of a file that a duplicate keeps open can't be switched off otherwise. */
  static void replaceSet(EpollSelector selector) throws Exception {
    try (TestPipe pipe = TestPipe.readable()) {
      selector.register(pipe.source, EVENT_READ);
      int duplicate = TestLibrary.check(TestLibrary.dup(pipe.source));
      pipe.closeSource();
      selector.unregister(pipe.source);
      assertEquals(List.of(), selector.selectNow());
      TestLibrary.check(TestLibrary.close(duplicate));
    }
  }
}
