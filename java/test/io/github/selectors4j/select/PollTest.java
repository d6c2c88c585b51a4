package io.github.selectors4j.select;

import static io.github.selectors4j.select.Poll.POLLHUP;
import static io.github.selectors4j.select.Poll.POLLIN;
import static io.github.selectors4j.select.Poll.POLLNVAL;
import static io.github.selectors4j.select.Poll.POLLOUT;
import static io.github.selectors4j.select.Poll.POLLPRI;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.DescriptorTestCase;
import io.github.selectors4j.Elapsed;
import io.github.selectors4j.HasFileno;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.RequiresMechanism;
import io.github.selectors4j.SelectThread;
import io.github.selectors4j.SignalStorm;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.TestDescriptor;
import io.github.selectors4j.TestLibrary;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What CPython's {@code test_poll.py} checks, under the same names. */
@Timeout(60)
@RequiresMechanism(Mechanism.POLL)
class PollTest extends DescriptorTestCase {
  /** More than any {@code unsigned short}. */
  private static final int USHRT_MAX_PLUS_1 = 0x10000;

  private Poll makePoll() {
    return addCleanup(Poll.open());
  }

  @Test
  void test_poll1() throws IOException {
    Poll p = makePoll();
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
  void test_poll_unit_tests(@TempDir Path directory) throws IOException {
    int badFd = makeBadFd();
    Poll p = makePoll();
    p.register(badFd);
    assertEquals(List.of(new FdEvent(badFd, POLLNVAL)), p.poll(null));
    p.unregister(badFd);

    try (RandomAccessFile file = new RandomAccessFile(directory.resolve("file").toFile(), "rw")) {
      p.register(file);
      assertEquals(1, p.poll(null).size());
      p.unregister(file);
    }
    TestDescriptor closing = makePipe().wr().moveTo(HIGH_FD);
    p.register(closing);
    assertEquals(HIGH_FD, p.poll(null).get(0).fd());
    closing.close();
    assertEquals(List.of(new FdEvent(HIGH_FD, POLLNVAL)), p.poll(null));

    Poll p2 = makePoll();
    assertThrows(IllegalArgumentException.class, () -> p2.register(p2));
    assertThrows(IllegalArgumentException.class, () -> p2.unregister(p2));
    assertThrows(NoSuchElementException.class, () -> p2.unregister(3));

    // Nope, and Almost: no descriptor, and something that has none to give.
    assertThrows(IllegalArgumentException.class, () -> p2.register(new Object(), 0));
    HasFileno almost = () -> -1;
    assertThrows(IllegalArgumentException.class, () -> p2.register(almost, 0));
    assertThrows(IllegalArgumentException.class, () -> p2.register(-1));
    assertEquals(List.of(), p2.poll(Duration.ZERO));
  }

  @Test
  void test_modify_unknown() throws IOException {
    // CPython documents it, and tests it nowhere: OSError with ENOENT.
    Poll p = makePoll();
    int rd = makePipe().rd().fileno();
    SystemCallException unknown =
        assertThrows(SystemCallException.class, () -> p.modify(rd, POLLIN));
    assertEquals("ENOENT", unknown.errnoName());
    assertThrows(IllegalArgumentException.class, () -> p.modify(rd, 0x10000));
  }

  @Test
  void test_register_twice_replaces_the_events() throws IOException {
    Poll p = makePoll();
    TestDescriptor.Pair pair = makeSocketPair();
    p.register(pair.rd(), POLLOUT);
    p.register(pair.rd(), POLLIN);
    assertEquals(List.of(), p.poll(Duration.ZERO));
    pair.wr().write("x");
    assertEquals(List.of(new FdEvent(pair.rd().fileno(), POLLIN)), p.poll(null));
  }

  @Test
  void test_poll2() throws Exception {
    Poll pollster = makePoll();
    try (EchoingChild child = new EchoingChild(10)) {
      pollster.register(child, POLLIN);
      int lines = 0;
      while (true) {
        List<FdEvent> ready = pollster.poll(Duration.ofSeconds(16));
        assertEquals(1, ready.size(), "the child is silent");
        assertEquals(child.fileno(), ready.get(0).fd());
        int flags = ready.get(0).events();
        if ((flags & POLLIN) != 0) {
          lines += child.readLines();
        } else {
          assertEquals(POLLHUP, flags);
          assertEquals("", child.read(), "hung up, and yet there is data");
          break;
        }
      }
      assertEquals(10, lines);
    }
  }

  @Test
  void test_poll3() throws IOException {
    Poll pollster = makePoll();
    TestDescriptor wr = makePipe().wr();
    pollster.register(wr);
    int events = pollster.poll(null).get(0).events();

    // ValueError in Python; its OverflowError of an event mask is in test_poll_c_limits.
    assertThrows(IllegalArgumentException.class, () -> pollster.register(wr, -1));
    assertThrows(IllegalArgumentException.class, () -> pollster.modify(wr, -1));
    assertEquals(events, pollster.poll(null).get(0).events());

    // OverflowError in Python, whose timeout is an int of milliseconds.
    assertThrows(
        IllegalArgumentException.class, () -> pollster.poll(Duration.ofSeconds(Long.MAX_VALUE)));
  }

  @Test
  void test_poll_c_limits() throws IOException {
    Poll pollster = makePoll();
    TestDescriptor wr = makePipe().wr();
    pollster.register(wr, POLLOUT);
    assertThrows(IllegalArgumentException.class, () -> pollster.register(wr, USHRT_MAX_PLUS_1));
    assertThrows(IllegalArgumentException.class, () -> pollster.modify(wr, USHRT_MAX_PLUS_1));
    Duration longest = Duration.ofMillis(Integer.MAX_VALUE);
    assertThrows(IllegalArgumentException.class, () -> pollster.poll(longest.plusMillis(1)));
    assertEquals(List.of(new FdEvent(wr.fileno(), POLLOUT)), pollster.poll(longest));
    assertEquals(List.of(new FdEvent(wr.fileno(), POLLOUT)), pollster.poll(null));
  }

  @Test
  void test_threaded_poll() throws Exception {
    TestDescriptor.Pair pair = makePipe();
    Poll pollster = makePoll();
    TestDescriptor[] duplicates = new TestDescriptor[10];
    for (int i = 0; i < duplicates.length; i++) {
      duplicates[i] = addCleanup(new TestDescriptor(TestLibrary.dup(pair.rd().fileno())));
      pollster.register(duplicates[i], POLLIN);
    }
    try (SelectThread<List<FdEvent>> polling =
        SelectThread.startBlocked(() -> pollster.poll(null))) {
      assertThrows(IllegalStateException.class, () -> pollster.poll(Duration.ZERO));

      // The list of descriptors grows and shrinks under the call in progress, which keeps its own.
      for (TestDescriptor duplicate : duplicates) {
        pollster.unregister(duplicate);
      }
      pollster.register(pair.wr(), POLLOUT);
      assertThrows(IllegalStateException.class, () -> pollster.poll(null));

      pair.wr().write("spam");
      assertEquals(duplicates.length, polling.result().size());
    }
    assertEquals(List.of(new FdEvent(pair.wr().fileno(), POLLOUT)), pollster.poll(Duration.ZERO));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"PT-1S", "PT-0.001S", "PT-0.0001S", "PT-0.000000001S"})
  void test_poll_blocks_with_negative_ms(Duration timeout) throws Exception {
    TestDescriptor.Pair pair = makePipe();
    Poll pollster = makePoll();
    pollster.register(pair.rd(), POLLIN);
    try (SelectThread<List<FdEvent>> polling =
        SelectThread.startBlocked(() -> pollster.poll(timeout))) {
      polling.thread().join(100);
      assertFalse(polling.isDone(), "did not block");
      pair.wr().write("spam");
      assertEquals(List.of(new FdEvent(pair.rd().fileno(), POLLIN)), polling.result());
    }
  }

  @Test
  void test_timeout() throws IOException {
    Poll pollster = makePoll();
    pollster.register(makePipe().rd(), POLLIN | POLLPRI);
    Duration timeout = Duration.ofNanos(50_000_001);
    Elapsed elapsed = Elapsed.start();
    assertEquals(List.of(), pollster.poll(timeout));
    elapsed.assertLasted(timeout);
  }

  @Test
  void test_signals_do_not_end_the_wait() throws Exception {
    Poll pollster = makePoll();
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
  void test_close() throws IOException {
    Poll pollster = Poll.open();
    TestDescriptor rd = makePipe().rd();
    pollster.register(rd);
    pollster.close();
    pollster.close();
    assertThrows(IllegalStateException.class, () -> pollster.register(rd, POLLIN));
    assertThrows(IllegalStateException.class, () -> pollster.modify(rd, POLLIN));
    assertThrows(IllegalStateException.class, () -> pollster.unregister(rd));
    assertThrows(IllegalStateException.class, () -> pollster.poll(Duration.ZERO));
  }

  @Test
  void test_constants() {
    assertTrue(Poll.isAvailable());
    assertEquals(TestLibrary.POLLIN, POLLIN);
    assertEquals(TestLibrary.POLLPRI, POLLPRI);
    assertEquals(TestLibrary.POLLOUT, POLLOUT);
    assertEquals(TestLibrary.POLLERR, Poll.POLLERR);
    assertEquals(TestLibrary.POLLHUP, POLLHUP);
    assertEquals(TestLibrary.POLLNVAL, POLLNVAL);
    assertNotEquals(0, Poll.POLLRDHUP);
    assertFalse(List.of(POLLIN, POLLOUT, POLLHUP, POLLNVAL).contains(Poll.POLLRDHUP));
  }
}
