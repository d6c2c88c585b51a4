package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What CPython's {@code test_selectors.py} checks in {@code BaseSelectorTestCase}, under the same
 * names, once per mechanism. Where {@code selectors} for Java promises more than Python, the test
 * checks that too.
 */
@Timeout(60)
abstract class SelectorTestCase extends DescriptorTestCase {
  /** Those with a set in the kernel, which has a descriptor of its own. */
  private static final Set<Mechanism> KEEP_SET_IN_KERNEL =
      EnumSet.of(Mechanism.EPOLL, Mechanism.KQUEUE, Mechanism.DEVPOLL);

  private static final int UNKNOWN_FD = 999_999;
  private static final Duration ZERO = Duration.ZERO;
  private static final Duration NEGATIVE = Duration.ofSeconds(-1);

  /** Opens a selector of the kind under test. */
  abstract BaseSelector open() throws IOException;

  /** A selector of the kind under test that is closed after the test. */
  final BaseSelector makeSelector() throws IOException {
    return addCleanup(open());
  }

  @Test
  void test_register() throws IOException {
    BaseSelector s = makeSelector();
    TestDescriptor rd = makeSocketPair().rd();

    SelectorKey key = s.register(rd, EVENT_READ, "data");
    assertSame(rd, key.fileobj());
    assertEquals(rd.fileno(), key.fd());
    assertEquals(EVENT_READ, key.events());
    assertEquals("data", key.data());

    assertThrows(IllegalArgumentException.class, () -> s.register(0, 999_999));
    assertThrows(IllegalArgumentException.class, () -> s.register(0, 0));
    Exception negative =
        assertThrows(IllegalArgumentException.class, () -> s.register(-10, EVENT_READ));
    assertTrue(negative.getMessage().contains("-10"), negative::getMessage);

    // KeyError in Python: "the same object, or another with the same descriptor, is registered".
    assertThrows(IllegalStateException.class, () -> s.register(rd, EVENT_READ));
    Exception twice =
        assertThrows(IllegalStateException.class, () -> s.register(rd.fileno(), EVENT_READ));
    assertTrue(twice.getMessage().contains(rd.toString()), twice::getMessage);
    assertEquals(Map.of(rd.fileno(), key), s.getMap());
  }

  @Test
  void test_unregister() throws IOException {
    BaseSelector s = makeSelector();
    TestDescriptor rd = makeSocketPair().rd();

    SelectorKey key = s.register(rd, EVENT_READ);
    assertEquals(key, s.unregister(rd));

    assertThrows(NoSuchElementException.class, () -> s.unregister(UNKNOWN_FD));
    assertThrows(NoSuchElementException.class, () -> s.unregister("no file object"));
    assertThrows(NoSuchElementException.class, () -> s.unregister(rd));
  }

  @Test
  void test_unregister_after_fd_close() throws IOException {
    BaseSelector s = makeSelector();
    TestDescriptor.Pair pair = makeSocketPair();
    int r = pair.rd().fileno();
    int w = pair.wr().fileno();
    s.register(r, EVENT_READ);
    s.register(w, EVENT_WRITE);
    pair.rd().close();
    pair.wr().close();
    s.unregister(r);
    s.unregister(w);
    assertEquals(List.of(), s.selectNow());
  }

  @Test
  void test_unregister_after_fd_close_and_reuse() throws IOException {
    BaseSelector s = makeSelector();
    TestDescriptor.Pair pair = makeSocketPair();
    int r = pair.rd().moveTo(HIGH_FD).fileno();
    int w = pair.wr().moveTo(HIGH_FD + 1).fileno();
    s.register(r, EVENT_READ);
    s.register(w, EVENT_WRITE);
    TestDescriptor.Pair other = makeSocketPair();
    pair.rd().close();
    pair.wr().close();
    addCleanup(new TestDescriptor(TestLibrary.dup2(other.rd().fileno(), r)));
    addCleanup(new TestDescriptor(TestLibrary.dup2(other.wr().fileno(), w)));
    s.unregister(r);
    s.unregister(w);
    assertEquals(List.of(), s.selectNow());
  }

  @Test
  void test_unregister_after_socket_close() throws IOException {
    BaseSelector s = makeSelector();
    TestDescriptor.Pair pair = makeSocketPair();
    SelectorKey rdKey = s.register(pair.rd(), EVENT_READ);
    SelectorKey wrKey = s.register(pair.wr(), EVENT_WRITE);
    pair.rd().close();
    pair.wr().close();
    assertEquals(rdKey, s.unregister(pair.rd()));
    assertEquals(wrKey, s.unregister(pair.wr()));
    assertTrue(s.getMap().isEmpty());
  }

  @Test
  void test_modify() throws IOException {
    BaseSelector s = makeSelector();
    TestDescriptor rd = makeSocketPair().rd();

    SelectorKey key = s.register(rd, EVENT_READ);
    SelectorKey key2 = s.modify(rd, EVENT_WRITE);
    assertNotEquals(key.events(), key2.events());
    assertEquals(key2, s.getKey(rd));
    s.unregister(rd);

    Object d1 = new Object();
    Object d2 = new Object();
    key = s.register(rd, EVENT_READ, d1);
    key2 = s.modify(rd, EVENT_READ, d2);
    assertEquals(key.events(), key2.events());
    assertNotEquals(key.data(), key2.data());
    assertEquals(key2, s.getKey(rd));
    assertSame(d2, key2.data());

    // "nothing differs: the same key"; without data, modify keeps the key's own.
    assertSame(key2, s.modify(rd, EVENT_READ, d2));
    assertSame(key2, s.modify(rd, EVENT_READ));

    assertThrows(NoSuchElementException.class, () -> s.modify(UNKNOWN_FD, EVENT_READ));
    assertThrows(IllegalArgumentException.class, () -> s.modify(rd, 0));
    assertThrows(IllegalArgumentException.class, () -> s.modify(rd, 16));
    assertSame(key2, s.getKey(rd));
  }

  @Test
  void test_modify_unregister() throws IOException {
    // CPython makes the system's object throw. Here the descriptor is closed, which is refused
    // whether or not anything differs.
    BaseSelector s = makeSelector();
    for (int events : new int[] {EVENT_WRITE, EVENT_READ}) {
      TestDescriptor rd = makeSocketPair().rd().moveTo(HIGH_FD);
      s.register(HIGH_FD, EVENT_READ);
      assertEquals(1, s.getMap().size());
      rd.close();
      SystemCallException refusal =
          assertThrows(SystemCallException.class, () -> s.modify(HIGH_FD, events));
      assertEquals(TestLibrary.EBADF, refusal.errno());
      assertEquals(0, s.getMap().size());
      assertThrows(NoSuchElementException.class, () -> s.getKey(HIGH_FD));
      assertEquals(List.of(), s.selectNow());
    }
  }

  @Test
  void test_close() throws IOException {
    BaseSelector s = makeSelector();
    Map<Integer, SelectorKey> mapping = s.getMap();
    TestDescriptor.Pair pair = makeSocketPair();
    TestDescriptor rd = pair.rd();
    TestDescriptor wr = pair.wr();
    s.register(rd, EVENT_READ);
    s.register(wr, EVENT_WRITE);

    assertTrue(s.isOpen());
    s.close();
    assertFalse(s.isOpen());

    // RuntimeError in Python: "anything but close, isOpen, mechanism, after close".
    assertThrows(ClosedSelectorException.class, () -> s.getKey(rd));
    assertThrows(ClosedSelectorException.class, () -> s.getKey(wr));
    assertThrows(ClosedSelectorException.class, s::getMap);
    assertThrows(ClosedSelectorException.class, s::select);
    assertThrows(ClosedSelectorException.class, s::selectNow);
    assertThrows(ClosedSelectorException.class, s::wakeup);
    assertThrows(ClosedSelectorException.class, () -> s.register(rd, EVENT_READ));
    assertThrows(ClosedSelectorException.class, () -> s.modify(rd, EVENT_READ));
    assertThrows(ClosedSelectorException.class, () -> s.unregister(rd));

    assertTrue(mapping.isEmpty());
    assertNull(mapping.get(rd));
    assertNull(mapping.get(wr));
    assertFalse(mapping.containsKey(rd.fileno()));
    s.close();
  }

  @Test
  void test_get_key() throws IOException {
    BaseSelector s = makeSelector();
    TestDescriptor rd = makeSocketPair().rd();

    SelectorKey key = s.register(rd, EVENT_READ, "data");
    assertEquals(key, s.getKey(rd));
    assertEquals(key, s.getKey(rd.fileno()));

    assertThrows(NoSuchElementException.class, () -> s.getKey(UNKNOWN_FD));
  }

  @Test
  void test_get_map() throws IOException {
    BaseSelector s = makeSelector();
    TestDescriptor rd = makeSocketPair().rd();
    SelectorKey sentinel = new SelectorKey("sentinel", 0, EVENT_READ, null);

    Map<Integer, SelectorKey> keys = s.getMap();
    assertTrue(keys.isEmpty());
    assertEquals(0, keys.size());
    assertEquals(List.of(), List.copyOf(keys.keySet()));
    assertNull(keys.get(rd));
    assertSame(sentinel, keys.getOrDefault(rd, sentinel));

    SelectorKey key = s.register(rd, EVENT_READ, "data");
    assertTrue(keys.containsKey(rd));
    assertEquals(key, keys.get(rd));
    assertEquals(key, keys.get(rd.fileno()));
    assertEquals(1, keys.size());
    assertEquals(List.of(rd.fileno()), List.copyOf(keys.keySet()));
    assertEquals(List.of(key), List.copyOf(keys.values()));

    assertNull(keys.get(UNKNOWN_FD));
    assertThrows(NullPointerException.class, () -> keys.get(null));

    assertThrows(UnsupportedOperationException.class, () -> keys.remove(rd));
    assertThrows(UnsupportedOperationException.class, () -> keys.remove(rd.fileno()));
    assertThrows(UnsupportedOperationException.class, keys::clear);
    assertEquals(key, s.getKey(rd));
  }

  @Test
  void test_select() throws IOException {
    BaseSelector s = makeSelector();
    TestDescriptor.Pair pair = makeSocketPair();
    s.register(pair.rd(), EVENT_READ);
    SelectorKey wrKey = s.register(pair.wr(), EVENT_WRITE);

    List<ReadyKey> result = s.select();
    assertEquals(List.of(new ReadyKey(wrKey, EVENT_WRITE)), result);
    assertThrows(UnsupportedOperationException.class, result::clear);
  }

  @Test
  void test_select_read_write() throws IOException {
    BaseSelector s = makeSelector();
    TestDescriptor.Pair pair = makeSocketPair();
    pair.wr().write("foo");
    SelectorKey key = s.register(pair.rd(), EVENT_READ | EVENT_WRITE);

    // Python may report the two apart; here "every ready key, once each, READ and WRITE merged".
    assertEquals(List.of(new ReadyKey(key, EVENT_READ | EVENT_WRITE)), s.select());
  }

  @Test
  void test_context_manager() throws IOException {
    BaseSelector s = makeSelector();
    TestDescriptor.Pair pair = makeSocketPair();
    try (BaseSelector sel = s) {
      sel.register(pair.rd(), EVENT_READ);
      sel.register(pair.wr(), EVENT_WRITE);
    }
    assertThrows(ClosedSelectorException.class, () -> s.getKey(pair.rd()));
    assertThrows(ClosedSelectorException.class, () -> s.getKey(pair.wr()));
  }

  @Test
  void test_fileno() throws IOException {
    BaseSelector s = makeSelector();
    assertEquals(KEEP_SET_IN_KERNEL.contains(s.mechanism()), s instanceof HasFileno);
    if (s instanceof HasFileno hasFileno) {
      assertTrue(hasFileno.fileno() >= 0);
      assertEquals(TestLibrary.FD_CLOEXEC, TestLibrary.getFd(hasFileno.fileno()));
      s.close();
      assertThrows(ClosedSelectorException.class, hasFileno::fileno);
    }
  }

  @Test
  void test_selector() throws IOException {
    BaseSelector s = makeSelector();
    int numSockets = 12;
    String msg = " This is a test.";
    Random random = new Random(1);
    Map<Object, TestDescriptor> r2w = new HashMap<>();
    Map<Object, TestDescriptor> w2r = new HashMap<>();
    for (int i = 0; i < numSockets; i++) {
      TestDescriptor.Pair pair = makeSocketPair();
      s.register(pair.rd(), EVENT_READ);
      s.register(pair.wr(), EVENT_WRITE);
      r2w.put(pair.rd(), pair.wr());
      w2r.put(pair.wr(), pair.rd());
    }

    List<String> received = new ArrayList<>();
    while (!w2r.isEmpty()) {
      List<Object> readyWriters = findReadyMatching(s.select(), EVENT_WRITE);
      assertEquals(w2r.keySet(), Set.copyOf(readyWriters));
      TestDescriptor wr = (TestDescriptor) readyWriters.get(random.nextInt(readyWriters.size()));
      wr.write(msg);

      assertEquals(List.of(w2r.get(wr)), findReadyMatching(s.select(), EVENT_READ));
      TestDescriptor rd = w2r.remove(wr);
      received.add(rd.read());
      s.unregister(r2w.remove(rd));
      s.unregister(rd);
    }
    assertEquals(Collections.nCopies(numSockets, msg), received);
    assertEquals(List.of(), s.selectNow());
  }

  private static List<Object> findReadyMatching(List<ReadyKey> ready, int event) {
    List<Object> match = new ArrayList<>();
    for (ReadyKey readyKey : ready) {
      if ((readyKey.events() & event) != 0) {
        match.add(readyKey.key().fileobj());
      }
    }
    return match;
  }

  @Test
  void test_empty_select() throws IOException {
    BaseSelector s = makeSelector();
    assertEquals(List.of(), s.select(ZERO));
    assertEquals(List.of(), s.selectNow());
  }

  @Test
  void test_timeout() throws IOException {
    BaseSelector s = makeSelector();
    TestDescriptor.Pair pair = makeSocketPair();

    // A negative timeout that blocked would end by the class's timeout.
    s.register(pair.wr(), EVENT_WRITE);
    assertEquals(1, s.select(ZERO).size());
    assertEquals(1, s.select(NEGATIVE).size());

    s.unregister(pair.wr());
    s.register(pair.rd(), EVENT_READ);
    assertEquals(List.of(), s.select(ZERO));
    assertEquals(List.of(), s.select(NEGATIVE));

    assertTimesOut(s, Duration.ofMillis(250));
    assertTimesOut(s, Duration.ofNanos(1_500_001));
    assertTimesOut(s, Duration.ofNanos(1));
  }

  @Test
  void test_empty_select_timeout() throws IOException {
    // CPython asks this of kqueue alone; the contract, of every mechanism.
    assertTimesOut(makeSelector(), Duration.ofMillis(250));
  }

  private static void assertTimesOut(BaseSelector s, Duration timeout) throws IOException {
    Elapsed elapsed = Elapsed.start();
    assertEquals(List.of(), s.select(timeout));
    elapsed.assertLasted(timeout);
  }

  @Test
  void test_register_bad_fd() throws IOException {
    // CPython asks this of kqueue alone; the contract, of every mechanism.
    BaseSelector s = makeSelector();
    for (int bad : new int[] {makeBadFd(), UNKNOWN_FD, Integer.MAX_VALUE}) {
      SystemCallException refusal =
          assertThrows(SystemCallException.class, () -> s.register(bad, EVENT_READ));
      assertEquals(TestLibrary.EBADF, refusal.errno());
      assertEquals("EBADF", refusal.errnoName());
      assertTrue(refusal.getMessage().contains(Integer.toString(bad)), refusal::getMessage);
      assertThrows(NoSuchElementException.class, () -> s.getKey(bad));
    }
    assertEquals(List.of(), s.selectNow());
  }

  @Test
  void test_select_interrupt_exc() throws Exception {
    // A Java handler can't throw into the call. What ends a select here is Thread.interrupt: "one
    // non-blocking pass, then returns; the status stays set".
    BaseSelector s = makeSelector();
    s.register(makeSocketPair().rd(), EVENT_READ);
    try (SelectThread<Boolean> select =
        SelectThread.startBlocked(
            () -> {
              assertEquals(List.of(), s.select(Duration.ofSeconds(30)));
              return Thread.currentThread().isInterrupted();
            })) {
      Elapsed elapsed = Elapsed.start();
      select.thread().interrupt();
      assertTrue(select.result(), "the interrupt status was lost");
      elapsed.assertPrompt();
    }
  }

  @Test
  void test_select_interrupt_noraise() throws Exception {
    // "a signal interrupts the system call: retried with the remaining time (PEP 475)". A retry
    // with
    // the whole timeout would never end, one that takes EINTR for the end would return early.
    BaseSelector s = makeSelector();
    s.register(makeSocketPair().rd(), EVENT_READ);
    SignalStorm.weather(() -> assertTimesOut(s, Duration.ofMillis(500)));
  }
}
