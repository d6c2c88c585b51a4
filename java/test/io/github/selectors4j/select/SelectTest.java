package io.github.selectors4j.select;

import static io.github.selectors4j.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.selectors4j.DescriptorTestCase;
import io.github.selectors4j.Elapsed;
import io.github.selectors4j.HasFileno;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.Mechanisms;
import io.github.selectors4j.RequiresMechanism;
import io.github.selectors4j.SignalStorm;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.TestDescriptor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What CPython's {@code test_select.py} checks, under the same names. */
@Timeout(60)
@RequiresMechanism(Mechanism.SELECT)
class SelectTest extends DescriptorTestCase {
  private static final List<Object> NONE = List.of();

  @Test
  void test_error_conditions() {
    // Nope, and Almost: no descriptor, and something that has none to give.
    HasFileno almost = () -> -1;
    for (Object noFile : List.of(new Object(), almost, -1)) {
      List<Object> list = List.of(noFile);
      Duration zero = Duration.ZERO;
      assertThrows(IllegalArgumentException.class, () -> Select.select(list, NONE, NONE, zero));
      assertThrows(IllegalArgumentException.class, () -> Select.select(NONE, list, NONE, zero));
      assertThrows(IllegalArgumentException.class, () -> Select.select(NONE, NONE, list, zero));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> Select.select(NONE, NONE, NONE, Duration.ofSeconds(-1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> Select.select(NONE, NONE, NONE, Duration.ofNanos(-1)));
  }

  @Test
  void test_errno() {
    int fd = makeBadFd();
    SystemCallException refusal =
        assertThrows(
            SystemCallException.class, () -> Select.select(List.of(fd), NONE, NONE, Duration.ZERO));
    assertEquals("EBADF", refusal.errnoName());
  }

  @Test
  void test_errno_names_the_descriptor() throws IOException {
    int closed = makeBadFd();
    int higher = makePipe().wr().moveTo(closed + 1).fileno();
    for (List<Integer> read : List.of(List.of(closed), List.of(higher, closed))) {
      assertRefused(
          SystemCallException.class,
          () -> Select.select(read, List.of(higher), NONE, Duration.ZERO),
          "fd " + closed);
    }
  }

  @Test
  void test_returned_list_identity() throws IOException {
    Duration timeout = Duration.ofMillis(50);
    Elapsed elapsed = Elapsed.start();
    Select.Ready ready = Select.select(NONE, NONE, NONE, timeout);
    elapsed.assertLasted(timeout);
    assertEquals(new Select.Ready(NONE, NONE, NONE), ready);
    assertNotSame(ready.readable(), ready.writable());
    assertNotSame(ready.readable(), ready.exceptional());
    assertNotSame(ready.writable(), ready.exceptional());
  }

  @Test
  void test_select() throws Exception {
    try (EchoingChild child = new EchoingChild(10)) {
      int lines = 0;
      while (true) {
        Select.Ready ready = Select.select(List.of(child), NONE, NONE, null);
        assertEquals(List.of(child), ready.readable());
        assertEquals(NONE, ready.writable());
        assertEquals(NONE, ready.exceptional());
        int read = child.readLines();
        if (read == 0) {
          break;
        }
        lines += read;
      }
      assertEquals(10, lines);
    }
  }

  @Test
  void test_select_mutated() throws IOException {
    TestDescriptor wr = makePipe().wr();
    List<Object> list = new ArrayList<>();
    HasFileno shrinking =
        () -> {
          list.remove(list.size() - 1);
          return wr.fileno();
        };
    list.addAll(Collections.nCopies(10, shrinking));
    Select.Ready ready = Select.select(NONE, list, NONE, null);
    assertEquals(Collections.nCopies(5, shrinking), list);
    assertEquals(list, ready.writable());
  }

  @Test
  void test_disallow_instantiation() {
    for (Class<?> type :
        List.of(Select.class, Poll.class, Epoll.class, Devpoll.class, Kqueue.class)) {
      assertEquals(0, type.getConstructors().length, type::getName);
    }
  }

  @Test
  void test_returns_the_objects_themselves() throws IOException {
    TestDescriptor.Pair pair = makeSocketPair();
    pair.wr().write("x");
    Integer number = pair.rd().fileno();
    Select.Ready ready =
        Select.select(
            List.of(pair.rd(), pair.wr(), number),
            Set.of(pair.rd()),
            List.of(pair.rd()),
            Duration.ofSeconds(1));
    assertEquals(List.of(pair.rd(), number), ready.readable());
    assertSame(pair.rd(), ready.readable().get(0));
    assertEquals(List.of(pair.rd()), ready.writable());
    assertEquals(NONE, ready.exceptional());
  }

  @Test
  void test_signals_do_not_end_the_wait() throws Exception {
    List<Object> idle = List.of(makePipe().rd());
    Duration timeout = Duration.ofMillis(3);
    SignalStorm.weather(
        () -> {
          for (int i = 0; i < 100; i++) {
            Elapsed elapsed = Elapsed.start();
            assertEquals(
                new Select.Ready(NONE, NONE, NONE), Select.select(idle, NONE, NONE, timeout));
            elapsed.assertLasted(timeout);
          }
        });
  }

  @Test
  void test_above_fd_setsize() throws IOException {
    Mechanisms.assumeNoFdSetsize(Mechanism.SELECT);
    // ValueError in Python: "filedescriptor out of range". Here there is no FD_SETSIZE.
    TestDescriptor.Pair pair = makeSocketPair();
    TestDescriptor high = pair.rd().moveTo(HIGH_FD);
    TestDescriptor higher = pair.wr().moveTo(HIGH_FD + 1000);
    Select.Ready ready =
        Select.select(List.of(high, higher), List.of(higher), NONE, Duration.ofSeconds(1));
    assertEquals(new Select.Ready(NONE, List.of(higher), NONE), ready);
    higher.write("x");
    ready = Select.select(List.of(high, higher), NONE, NONE, Duration.ofSeconds(1));
    assertEquals(new Select.Ready(List.of(high), NONE, NONE), ready);
  }
}
