package io.github.selectors4j.select;

import static io.github.selectors4j.select.Poll.POLLIN;
import static io.github.selectors4j.select.Poll.POLLOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.DescriptorTestCase;
import io.github.selectors4j.Elapsed;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.RequiresMechanism;
import io.github.selectors4j.SignalStorm;
import io.github.selectors4j.TestDescriptor;
import io.github.selectors4j.TestLibrary;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What CPython's {@code test_devpoll.py} checks, under the same names. */
@Timeout(60)
@RequiresMechanism(Mechanism.DEVPOLL)
class DevpollTest extends DescriptorTestCase {
  /** More than any {@code unsigned short}. */
  private static final int USHRT_MAX_PLUS_1 = 0x10000;

  private Devpoll makeDevpoll() throws IOException {
    return addCleanup(Devpoll.open());
  }

  @Test
  void test_devpoll1() throws IOException {
    Devpoll p = makeDevpoll();
    PipeRelay relay = addCleanup(new PipeRelay(12));
    for (TestDescriptor rd : relay.readers()) {
      p.register(rd);
      p.modify(rd, POLLIN);
    }
    for (TestDescriptor wr : relay.writers()) {
      p.register(wr, POLLOUT);
    }
    relay.relay(() -> p.poll(null), POLLIN, POLLOUT, p::unregister);
    assertEquals(List.of(), p.poll(Duration.ZERO));
  }

  @Test
  void test_timeout_overflow() throws IOException {
    // OverflowError in Python below -1 ms; here any "negative one ... blocks", were nothing ready.
    TestDescriptor wr = makePipe().wr();
    Devpoll pollster = makeDevpoll();
    pollster.register(wr);
    int events = pollster.poll(null).get(0).events();
    List<FdEvent> ready = List.of(new FdEvent(wr.fileno(), events));
    assertEquals(ready, pollster.poll(Duration.ofMillis(-1)));
    assertEquals(ready, pollster.poll(Duration.ofMillis(-2)));
    assertEquals(ready, pollster.poll(Duration.ofMillis(Integer.MIN_VALUE)));
    assertEquals(ready, pollster.poll(Duration.ZERO));
    assertEquals(ready, pollster.poll(Duration.ofMillis(1)));
    assertEquals(ready, pollster.poll(Duration.ofMillis(1 << 30)));
    assertThrows(IllegalArgumentException.class, () -> pollster.poll(Duration.ofMillis(1L << 31)));
    assertThrows(IllegalArgumentException.class, () -> pollster.poll(Duration.ofSeconds(1L << 62)));
  }

  /** Nothing but what is always reported, as with poll. */
  @Test
  void noEventsAreNoRemoval() throws IOException {
    TestDescriptor.Pair pair = makePipe();
    Devpoll pollster = makeDevpoll();
    pollster.register(pair.rd(), POLLIN);
    pollster.modify(pair.rd(), 0);
    pair.wr().write("x");
    assertEquals(List.of(), pollster.poll(Duration.ZERO));
    pair.wr().close();
    assertEquals(1, pollster.poll(null).size());
  }

  @Test
  void test_close() throws IOException {
    int fd = makePipe().rd().fileno();
    Devpoll devpoll = makeDevpoll();
    assertTrue(Devpoll.isAvailable());
    assertTrue(devpoll.fileno() >= 0);
    assertFalse(devpoll.isClosed());
    devpoll.close();
    assertTrue(devpoll.isClosed());
    assertThrows(IllegalStateException.class, devpoll::fileno);
    devpoll.close();

    assertThrows(IllegalStateException.class, () -> devpoll.modify(fd, POLLIN));
    assertThrows(IllegalStateException.class, () -> devpoll.poll(Duration.ZERO));
    assertThrows(IllegalStateException.class, () -> devpoll.register(fd, POLLIN));
    assertThrows(IllegalStateException.class, () -> devpoll.unregister(fd));
  }

  @Test
  void test_fd_non_inheritable() throws IOException {
    assertEquals(TestLibrary.FD_CLOEXEC, TestLibrary.getFd(makeDevpoll().fileno()));
  }

  @Test
  void test_events_mask_overflow() throws IOException {
    TestDescriptor wr = makePipe().wr();
    Devpoll pollster = makeDevpoll();
    pollster.register(wr, POLLOUT);
    assertThrows(IllegalArgumentException.class, () -> pollster.register(wr, -1));
    assertThrows(IllegalArgumentException.class, () -> pollster.modify(wr, -1));
    assertEquals(List.of(new FdEvent(wr.fileno(), POLLOUT)), pollster.poll(null));
  }

  @Test
  void test_events_mask_overflow_c_limits() throws IOException {
    TestDescriptor wr = makePipe().wr();
    Devpoll pollster = makeDevpoll();
    pollster.register(wr, POLLOUT);
    assertThrows(IllegalArgumentException.class, () -> pollster.register(wr, USHRT_MAX_PLUS_1));
    assertThrows(IllegalArgumentException.class, () -> pollster.modify(wr, USHRT_MAX_PLUS_1));
    assertEquals(List.of(new FdEvent(wr.fileno(), POLLOUT)), pollster.poll(null));
  }

  @Test
  void test_signals_do_not_end_the_wait() throws Exception {
    Devpoll pollster = makeDevpoll();
    pollster.register(makePipe().rd(), POLLIN);
    Duration timeout = Duration.ofMillis(3);
    SignalStorm.weather(
        () -> {
          for (int i = 0; i < 100; i++) {
            Elapsed elapsed = Elapsed.start();
            assertEquals(List.of(), pollster.poll(timeout));
            elapsed.assertLasted(timeout);
          }
        });
  }

  @Test
  void test_modify_narrows() throws IOException {
    // "Writing an fd that is there ORs its events": modify has to remove it first.
    TestDescriptor.Pair pair = makeSocketPair();
    Devpoll pollster = makeDevpoll();
    pollster.register(pair.rd(), POLLIN | POLLOUT);
    pollster.modify(pair.rd(), POLLIN);
    assertEquals(List.of(), pollster.poll(Duration.ZERO));
  }
}
