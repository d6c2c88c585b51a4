package io.github.selectors4j.select;

import static io.github.selectors4j.Refused.assertRefused;
import static io.github.selectors4j.select.Kqueue.KQ_EV_ADD;
import static io.github.selectors4j.select.Kqueue.KQ_EV_DELETE;
import static io.github.selectors4j.select.Kqueue.KQ_EV_ENABLE;
import static io.github.selectors4j.select.Kqueue.KQ_EV_ERROR;
import static io.github.selectors4j.select.Kqueue.KQ_EV_ONESHOT;
import static io.github.selectors4j.select.Kqueue.KQ_FILTER_READ;
import static io.github.selectors4j.select.Kqueue.KQ_FILTER_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.DescriptorTestCase;
import io.github.selectors4j.Elapsed;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.RequiresMechanism;
import io.github.selectors4j.SignalStorm;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.TestDescriptor;
import io.github.selectors4j.TestLibrary;
import io.github.selectors4j.internal.system.KqueueShim;
import java.io.IOException;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What CPython's {@code test_kqueue.py} checks, under the same names. */
@Timeout(60)
@RequiresMechanism(Mechanism.KQUEUE)
class KqueueTest extends DescriptorTestCase {
  private static final Duration ZERO = Duration.ZERO;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final List<Kevent> NO_CHANGES = List.of();

  private Kqueue makeKqueue() throws IOException {
    return addCleanup(Kqueue.open());
  }

  private static Kevent change(TestDescriptor descriptor, int filter, int flags) {
    return new Kevent(descriptor.fileno(), filter, flags, 0, 0, 0);
  }

  private static Kevent add(TestDescriptor descriptor, int filter) {
    return change(descriptor, filter, KQ_EV_ADD | KQ_EV_ENABLE);
  }

  private record IdentAndFilter(long ident, int filter) {
    private IdentAndFilter(TestDescriptor descriptor, int filter) {
      this(descriptor.fileno(), filter);
    }
  }

  private static Set<IdentAndFilter> identsAndFilters(List<Kevent> events) {
    return events.stream()
        .map(event -> new IdentAndFilter(event.ident(), event.filter()))
        .collect(Collectors.toSet());
  }

  @Test
  void test_create_queue() throws IOException {
    Kqueue kq = makeKqueue();
    assertTrue(Kqueue.isAvailable());
    assertTrue(kq.fileno() > 0);
    assertFalse(kq.isClosed());
    kq.close();
    assertTrue(kq.isClosed());
    assertThrows(IllegalStateException.class, kq::fileno);
  }

  @Test
  void test_create_event() {
    // A record: Python's default arguments and its order have no counterpart.
    Kevent ev = new Kevent(7, KQ_FILTER_READ, KQ_EV_ADD, 0, 0, 0);
    Kevent other = new Kevent(1000, KQ_FILTER_READ, KQ_EV_ADD, 0, 0, 0);
    assertEquals(ev, new Kevent(7, KQ_FILTER_READ, KQ_EV_ADD, 0, 0, 0));
    assertNotEquals(ev, other);
    assertNotEquals(ev, new Kevent(7, KQ_FILTER_WRITE, KQ_EV_ADD, 0, 0, 0));
    assertNotEquals(ev, new Kevent(7, KQ_FILTER_READ, KQ_EV_ONESHOT, 0, 0, 0));

    Kevent wide = new Kevent(1L << 40, 2, 0xffff, 0xffffffff, 1L << 41, -1L);
    assertEquals(1L << 40, wide.ident());
    assertEquals(2, wide.filter());
    assertEquals(0xffff, wide.flags());
    assertEquals(0xffffffff, wide.fflags());
    assertEquals(1L << 41, wide.data());
    assertEquals(-1L, wide.udata());
  }

  @Test
  void test_queue_event() throws IOException {
    TestDescriptor.Pair pair = makeSocketPair();
    TestDescriptor server = pair.rd();
    TestDescriptor client = pair.wr();
    Kqueue kq = makeKqueue();
    Kqueue kq2 = Kqueue.fromFd(kq.fileno());

    kq.control(List.of(add(server, KQ_FILTER_WRITE)), 0, null);
    kq.control(List.of(add(server, KQ_FILTER_READ)), 0, null);
    kq2.control(List.of(add(client, KQ_FILTER_WRITE)), 0, null);
    kq2.control(List.of(add(client, KQ_FILTER_READ)), 0, null);

    IdentAndFilter serverWrite = new IdentAndFilter(server, KQ_FILTER_WRITE);
    IdentAndFilter clientWrite = new IdentAndFilter(client, KQ_FILTER_WRITE);
    assertEquals(
        Set.of(serverWrite, clientWrite), identsAndFilters(kq.control(NO_CHANGES, 4, SECOND)));

    client.write("Hello!");
    server.write("world!!!");
    assertEquals(
        Set.of(
            serverWrite,
            clientWrite,
            new IdentAndFilter(server, KQ_FILTER_READ),
            new IdentAndFilter(client, KQ_FILTER_READ)),
        identsAndFilters(kq.control(NO_CHANGES, 4, SECOND)));
    assertEquals(1, kq.control(NO_CHANGES, 1, SECOND).size(), "the maximum counts filters");

    kq.control(List.of(change(client, KQ_FILTER_WRITE, KQ_EV_DELETE)), 0, null);
    kq.control(List.of(change(client, KQ_FILTER_READ, KQ_EV_DELETE)), 0, null);
    kq.control(List.of(change(server, KQ_FILTER_READ, KQ_EV_DELETE)), 0, ZERO);
    assertEquals(Set.of(serverWrite), identsAndFilters(kq.control(NO_CHANGES, 4, SECOND)));
  }

  @Test
  void testPair() throws IOException {
    TestDescriptor.Pair pair = makeSocketPair();
    Kqueue kq = makeKqueue();
    pair.wr().write("foo");
    List<Kevent> changes =
        List.of(
            new Kevent(pair.wr().fileno(), KQ_FILTER_READ, KQ_EV_ADD | KQ_EV_ENABLE, 0, 0, 1),
            new Kevent(
                pair.rd().fileno(), KQ_FILTER_READ, KQ_EV_ADD | KQ_EV_ENABLE, 0, 0, 1L << 40));
    List<Kevent> events = kq.control(changes, 1, SECOND);
    assertEquals(1, events.size());
    assertEquals(0, events.get(0).flags() & KQ_EV_ERROR);
    assertEquals(pair.rd().fileno(), events.get(0).ident());
    assertEquals(3, events.get(0).data());
    assertEquals(1L << 40, events.get(0).udata());
  }

  @Test
  void test_issue30058() throws IOException {
    TestDescriptor.Pair pair = makeSocketPair();
    Kqueue kq = makeKqueue();
    Kevent ev = add(pair.rd(), KQ_FILTER_READ);
    kq.control(List.of(ev), 0, null);
    kq.control(new LinkedList<>(List.of(ev)), 0, null);
    kq.control(new SizeLies(Collections.nCopies(100, ev)), 0, null);
    kq.control(Collections.unmodifiableList(new ArrayList<>(List.of(ev))), 0, null);
    pair.wr().write("x");
    assertEquals(1, kq.control(NO_CHANGES, 4, SECOND).size());
  }

  /** Says that it is empty, and iterates over more, as another thread's changes may look. */
  private static final class SizeLies extends AbstractList<Kevent> {
    private final List<Kevent> elements;

    private SizeLies(List<Kevent> elements) {
      this.elements = elements;
    }

    @Override
    public Kevent get(int index) {
      return elements.get(index);
    }

    @Override
    public Iterator<Kevent> iterator() {
      return elements.iterator();
    }

    @Override
    public int size() {
      return 0;
    }
  }

  @Test
  void test_close() throws IOException {
    Kqueue kqueue = makeKqueue();
    assertTrue(kqueue.fileno() > 0);
    assertFalse(kqueue.isClosed());
    kqueue.close();
    assertTrue(kqueue.isClosed());
    assertThrows(IllegalStateException.class, kqueue::fileno);
    kqueue.close();
    assertThrows(IllegalStateException.class, () -> kqueue.control(NO_CHANGES, 4, ZERO));
  }

  @Test
  void test_fd_non_inheritable() throws IOException {
    assertEquals(TestLibrary.FD_CLOEXEC, TestLibrary.getFd(makeKqueue().fileno()));
  }

  @Test
  void test_fork() throws Exception {
    // A JVM doesn't fork itself: what is left of CPython's test is the parent, whose queue stays.
    Kqueue kqueue = makeKqueue();
    int fd = kqueue.fileno();
    assertEquals(0, new ProcessBuilder("true").start().waitFor());
    assertFalse(kqueue.isClosed());
    assertEquals(fd, kqueue.fileno());
    assertEquals(List.of(), kqueue.control(NO_CHANGES, 4, ZERO));
  }

  @Test
  void test_signals_do_not_end_the_wait() throws Exception {
    // "After EINTR the changes have been applied": a deletion that was sent again would fail.
    TestDescriptor rd = makePipe().rd();
    Kqueue kq = makeKqueue();
    List<Kevent> addition = List.of(add(rd, KQ_FILTER_READ));
    List<Kevent> deletion = List.of(change(rd, KQ_FILTER_READ, KQ_EV_DELETE));
    Duration timeout = Duration.ofMillis(3);
    SignalStorm.weather(
        () -> {
          for (int i = 0; i < 100; i++) {
            kq.control(addition, 0, ZERO);
            Elapsed elapsed = Elapsed.start();
            assertEquals(List.of(), kq.control(deletion, 4, timeout));
            elapsed.assertLasted(timeout);
          }
        });
  }

  @Test
  void test_bad_arguments() throws IOException {
    // ValueError in Python, both of them.
    Kqueue kq = makeKqueue();
    assertThrows(IllegalArgumentException.class, () -> kq.control(NO_CHANGES, -1, ZERO));
    assertThrows(
        IllegalArgumentException.class, () -> kq.control(NO_CHANGES, 4, Duration.ofNanos(-1)));
    // OverflowError; where the structure has room for it, the kernel knows no such filter.
    List<Kevent> overflow = List.of(new Kevent(0, 0xffff, Kqueue.KQ_EV_ADD, 0, 0, 0));
    Class<? extends Exception> refusal =
        KqueueShim.isFilter(0xffff) ? SystemCallException.class : IllegalArgumentException.class;
    assertThrows(refusal, () -> kq.control(overflow, 0, ZERO));
    // What the system lacks: 0 would be a filter on NetBSD, the one for reading.
    assertNotEquals(KQ_FILTER_READ, Kqueue.KQ_FILTER_NETDEV);
    List<Kevent> lacking =
        List.of(new Kevent(0, Kqueue.KQ_FILTER_NETDEV, Kqueue.KQ_EV_ADD, 0, 0, 0));
    assertRefused(
        IllegalArgumentException.class,
        () -> kq.control(lacking, 0, ZERO),
        lacking.get(0),
        "this system has no EVFILT_NETDEV");
    List<Kevent> none = Collections.singletonList(null);
    assertRefused(NullPointerException.class, () -> kq.control(none, 0, ZERO), "change");
  }

  @Test
  void test_timeout() throws IOException {
    Kqueue kq = makeKqueue();
    Duration timeout = Duration.ofMillis(50);
    Elapsed elapsed = Elapsed.start();
    assertEquals(List.of(), kq.control(NO_CHANGES, 4, timeout));
    elapsed.assertLasted(timeout);
  }
}
