package io.github.selectors4j.select;

import static io.github.selectors4j.select.Epoll.EPOLLET;
import static io.github.selectors4j.select.Epoll.EPOLLIN;
import static io.github.selectors4j.select.Epoll.EPOLLONESHOT;
import static io.github.selectors4j.select.Epoll.EPOLLOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.DescriptorTestCase;
import io.github.selectors4j.Elapsed;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.RequiresMechanism;
import io.github.selectors4j.SelectThread;
import io.github.selectors4j.SignalStorm;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.TestDescriptor;
import io.github.selectors4j.TestLibrary;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** What CPython's {@code test_epoll.py} checks, under the same names. */
@Timeout(60)
@RequiresMechanism(Mechanism.EPOLL)
class EpollTest extends DescriptorTestCase {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private Epoll makeEpoll() throws IOException {
    return addCleanup(Epoll.open());
  }

  @Test
  void test_create() throws IOException {
    // Python's sizehint and flags have no counterpart: the kernel ignores the one, and the other
    // has one value.
    Epoll ep = makeEpoll();
    assertTrue(Epoll.isAvailable());
    assertTrue(ep.fileno() > 0);
    assertFalse(ep.isClosed());
    ep.close();
    assertTrue(ep.isClosed());
    assertThrows(IllegalStateException.class, ep::fileno);
  }

  @Test
  void test_badcreate() throws IOException {
    // The one argument that a constructor takes: a descriptor that is no epoll set.
    int notEpoll = TestLibrary.check(TestLibrary.dup(makePipe().rd().fileno()));
    Epoll ep = addCleanup(Epoll.fromFd(notEpoll));
    SystemCallException refusal =
        assertThrows(SystemCallException.class, () -> ep.poll(Duration.ZERO, 1));
    assertEquals("EINVAL", refusal.errnoName());
    int rd = makePipe().rd().fileno();
    refusal = assertThrows(SystemCallException.class, () -> ep.register(rd, EPOLLIN));
    assertEquals("EINVAL", refusal.errnoName());
  }

  @Test
  void test_context_manager() throws IOException {
    Epoll left;
    try (Epoll ep = Epoll.open()) {
      assertTrue(ep.fileno() > 0);
      assertFalse(ep.isClosed());
      left = ep;
    }
    assertTrue(left.isClosed());
    assertThrows(IllegalStateException.class, left::fileno);
  }

  @Test
  void test_add() throws IOException {
    TestDescriptor.Pair pair = makeSocketPair();
    TestDescriptor server = pair.rd();
    TestDescriptor client = pair.wr();

    Epoll byNumber = makeEpoll();
    byNumber.register(server.fileno(), EPOLLIN | EPOLLOUT);
    byNumber.register(client.fileno(), EPOLLIN | EPOLLOUT);
    assertEquals(2, byNumber.poll(SECOND, 4).size());

    Epoll byObject = makeEpoll();
    byObject.register(server, EPOLLIN | EPOLLOUT);
    byObject.register(client, EPOLLIN | EPOLLOUT);
    assertEquals(2, byObject.poll(SECOND, 4).size());

    Epoll ep = makeEpoll();
    assertThrows(
        IllegalArgumentException.class, () -> ep.register(new Object(), EPOLLIN | EPOLLOUT));
    assertThrows(IllegalArgumentException.class, () -> ep.register(-1, EPOLLIN | EPOLLOUT));
    int badFd = makeBadFd();
    assertErrno("EBADF", () -> ep.register(badFd, EPOLLIN | EPOLLOUT));
    ep.register(server, EPOLLIN | EPOLLOUT);
    assertErrno("EEXIST", () -> ep.register(server, EPOLLIN | EPOLLOUT));
    assertEquals(List.of(new FdEvent(server.fileno(), EPOLLOUT)), ep.poll(SECOND, 4));
  }

  @Test
  void test_fromfd() throws IOException {
    TestDescriptor.Pair pair = makeSocketPair();
    Epoll ep2;
    try (Epoll ep = Epoll.open()) {
      // Away from the numbers that others get once the set is closed.
      TestLibrary.check(TestLibrary.dup2(ep.fileno(), HIGH_FD));
      TestDescriptor number = addCleanup(new TestDescriptor(HIGH_FD));
      ep2 = Epoll.fromFd(HIGH_FD);
      assertEquals(HIGH_FD, ep2.fileno());
      ep2.register(pair.rd().fileno(), EPOLLIN | EPOLLOUT);
      ep2.register(pair.wr().fileno(), EPOLLIN | EPOLLOUT);
      assertEquals(2, ep.poll(SECOND, 4).size());
      assertEquals(2, ep2.poll(SECOND, 4).size());
      number.close();
    }
    assertErrno("EBADF", () -> ep2.poll(SECOND, 4));
  }

  @Test
  void test_control_and_wait() throws IOException {
    TestDescriptor.Pair pair = makeSocketPair();
    TestDescriptor client = pair.rd();
    TestDescriptor server = pair.wr();
    Epoll ep = makeEpoll();
    ep.register(server.fileno(), EPOLLIN | EPOLLOUT | EPOLLET);
    ep.register(client.fileno(), EPOLLIN | EPOLLOUT | EPOLLET);

    assertEquals(
        Set.of(new FdEvent(client.fileno(), EPOLLOUT), new FdEvent(server.fileno(), EPOLLOUT)),
        Set.copyOf(ep.poll(SECOND, 4)));

    // Edge-triggered: nothing is new.
    Duration timeout = Duration.ofMillis(50);
    Elapsed elapsed = Elapsed.start();
    assertEquals(List.of(), ep.poll(timeout, 4));
    elapsed.assertLasted(timeout);

    client.write("Hello!");
    server.write("world!!!");
    assertEquals(
        Set.of(
            new FdEvent(client.fileno(), EPOLLIN | EPOLLOUT),
            new FdEvent(server.fileno(), EPOLLIN | EPOLLOUT)),
        Set.copyOf(ep.poll(SECOND, 4)));

    ep.unregister(client.fileno());
    ep.modify(server.fileno(), EPOLLOUT);
    assertEquals(List.of(new FdEvent(server.fileno(), EPOLLOUT)), ep.poll(SECOND, 4));
  }

  @Test
  void test_maxevents() throws IOException {
    TestDescriptor.Pair pair = makeSocketPair();
    Epoll ep = makeEpoll();
    ep.register(pair.rd(), EPOLLOUT);
    ep.register(pair.wr(), EPOLLOUT);
    assertEquals(1, ep.poll(SECOND, 1).size());
    assertEquals(2, ep.poll(SECOND, -1).size(), "-1 is no limit");
    // ValueError in Python: "maxevents must be greater than 0".
    assertThrows(IllegalArgumentException.class, () -> ep.poll(SECOND, 0));
    assertThrows(IllegalArgumentException.class, () -> ep.poll(SECOND, -2));
  }

  @Test
  void test_oneshot() throws IOException {
    TestDescriptor wr = makePipe().wr();
    Epoll ep = makeEpoll();
    ep.register(wr, EPOLLOUT | EPOLLONESHOT);
    assertEquals(1, ep.poll(SECOND, 4).size());
    assertEquals(List.of(), ep.poll(Duration.ZERO, 4));
    ep.modify(wr, EPOLLOUT);
    assertEquals(1, ep.poll(SECOND, 4).size());
    assertEquals(1, ep.poll(SECOND, 4).size());
  }

  @Test
  void test_errors() throws IOException {
    Epoll ep = makeEpoll();
    assertThrows(IllegalArgumentException.class, () -> ep.register(-1, EPOLLIN));
    int rd = makePipe().rd().fileno();
    assertErrno("ENOENT", () -> ep.modify(rd, EPOLLIN));
    assertErrno("ENOENT", () -> ep.unregister(rd));
  }

  @Test
  void test_unregister_closed() throws IOException {
    TestDescriptor server = makeSocketPair().rd().moveTo(HIGH_FD);
    Epoll ep = makeEpoll();
    ep.register(server);
    assertEquals(1, ep.poll(SECOND, 4).size());
    server.close();
    assertErrno("EBADF", () -> ep.unregister(HIGH_FD));
  }

  @Test
  void test_close() throws IOException {
    int fd = makePipe().rd().fileno();
    Epoll epoll = makeEpoll();
    assertTrue(epoll.fileno() > 0);
    assertFalse(epoll.isClosed());
    epoll.close();
    assertTrue(epoll.isClosed());
    assertThrows(IllegalStateException.class, epoll::fileno);
    epoll.close();

    assertThrows(IllegalStateException.class, () -> epoll.modify(fd, EPOLLIN));
    assertThrows(IllegalStateException.class, () -> epoll.poll(SECOND, 1));
    assertThrows(IllegalStateException.class, () -> epoll.register(fd, EPOLLIN));
    assertThrows(IllegalStateException.class, () -> epoll.unregister(fd));
  }

  @Test
  void test_fd_non_inheritable() throws IOException {
    assertEquals(TestLibrary.FD_CLOEXEC, TestLibrary.getFd(makeEpoll().fileno()));
  }

  @Test
  void test_negative_timeout_blocks() throws Exception {
    TestDescriptor.Pair pair = makePipe();
    Epoll ep = makeEpoll();
    ep.register(pair.rd(), EPOLLIN);
    try (SelectThread<List<FdEvent>> polling =
        SelectThread.startBlocked(() -> ep.poll(Duration.ofNanos(-1), 4))) {
      polling.thread().join(100);
      assertFalse(polling.isDone(), "did not block");
      pair.wr().write("spam");
      assertEquals(List.of(new FdEvent(pair.rd().fileno(), EPOLLIN)), polling.result());
    }
  }

  @Test
  void test_signals_do_not_end_the_wait() throws Exception {
    Epoll ep = makeEpoll();
    ep.register(makePipe().rd(), EPOLLIN);
    Duration timeout = Duration.ofMillis(3);
    SignalStorm.weather(
        () -> {
          for (int i = 0; i < 100; i++) {
            Elapsed elapsed = Elapsed.start();
            assertEquals(List.of(), ep.poll(timeout, 4));
            elapsed.assertLasted(timeout);
          }
        });
  }

  private static void assertErrno(String errnoName, Executable call) {
    assertEquals(errnoName, assertThrows(SystemCallException.class, call).errnoName());
  }
}
