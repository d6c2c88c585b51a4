package io.github.selectors4j.select;

import static io.github.selectors4j.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.DescriptorTestCase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Python's OverflowError: timeouts that the system calls can't take, and as many events. */
class TimeoutRangeTest extends DescriptorTestCase {
  private static final Duration LONGEST_MILLIS = Duration.ofMillis(Integer.MAX_VALUE);
  private static final Duration LONGEST_NANOS = Duration.ofNanos(Long.MAX_VALUE);

  @Test
  void epollTakesMillisecondsOfAnInt() throws Exception {
    try (Epoll epoll = Epoll.open()) {
      int wr = makePipe().wr().fileno();
      epoll.register(wr, Epoll.EPOLLOUT);
      assertRefused(
          IllegalArgumentException.class, () -> epoll.poll(LONGEST_MILLIS.plusNanos(1), -1));
      assertEquals(List.of(new FdEvent(wr, Epoll.EPOLLOUT)), epoll.poll(LONGEST_MILLIS, -1));
    }
  }

  @Test
  void selectTakesNanosecondsOfALong() throws Exception {
    List<Integer> writers = List.of(makePipe().wr().fileno());
    assertRefused(
        IllegalArgumentException.class,
        () -> Select.select(List.of(), writers, List.of(), LONGEST_NANOS.plusNanos(1)));
    assertEquals(writers, Select.select(List.of(), writers, List.of(), LONGEST_NANOS).writable());
  }

  @Test
  void moreEventsThanThereCanBeCostNoMore() throws Exception {
    try (Epoll epoll = Epoll.open()) {
      int wr = makePipe().wr().fileno();
      epoll.register(wr, Epoll.EPOLLOUT);
      assertEquals(1, epoll.poll(null, Integer.MAX_VALUE).size());
    }
  }
}
