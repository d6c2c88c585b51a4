package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_HANGUP;
import static io.github.selectors4j.BaseSelector.EVENT_PRIORITY;
import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.internal.fileobject.FileObjects;
import io.github.selectors4j.select.Poll;
import java.io.FileInputStream;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedSelectorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code DefaultSelector} takes what any mechanism here takes, files and devices too. */
class FallbackTest extends DescriptorTestCase {

  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path folder;
  private BaseSelector selector;
  private RandomAccessFile file;
  private TestPipe pipe;

  @BeforeEach
  void open() throws Exception {
    selector = addCleanup(DefaultSelector.open());
    Path path = folder.resolve("file");
    Files.writeString(path, "content");
    file = addCleanup(new RandomAccessFile(path.toFile(), "rw"));
    pipe = addCleanup(TestPipe.open());
  }

  @Test
  void theMechanismAndTheClassAreThoseOfTheBest() throws Exception {
    assertSame(Mechanism.best(), selector.mechanism());
    try (BaseSelector best = Mechanism.best().open()) {
      assertSame(best.getClass(), selector.getClass());
    }
  }

  @Test
  void aFileAndADeviceAreReadyBesideTheOthers() throws Exception {
    try (FileInputStream device = new FileInputStream("/dev/null")) {
      SelectorKey ofFile = selector.register(file, EVENT_READ | EVENT_WRITE, "file");
      SelectorKey ofDevice = selector.register(device, EVENT_READ);
      SelectorKey ofPipe = selector.register(pipe.source, EVENT_READ);
      Set<ReadyKey> always =
          Set.of(
              new ReadyKey(ofFile, EVENT_READ | EVENT_WRITE), new ReadyKey(ofDevice, EVENT_READ));
      assertEquals(always, Set.copyOf(selector.select()));
      assertEquals(always, Set.copyOf(selector.select(LONG)));
      assertEquals(always, Set.copyOf(selector.selectNow()));
      pipe.write();
      List<ReadyKey> ready = selector.select();
      assertEquals(3, ready.size());
      assertTrue(ready.contains(new ReadyKey(ofPipe, EVENT_READ)));
      assertSame(ofFile, selector.unregister(file));
      assertSame(ofDevice, selector.unregister(device));
      assertEquals(List.of(new ReadyKey(ofPipe, EVENT_READ)), selector.select());
    }
  }

  /** NetBSD's kqueue refuses some with EOPNOTSUPP, epoll others with EPERM. */
  @Test
  void anyDeviceIsWatched() throws Exception {
    for (String name : List.of("/dev/null", "/dev/random", "/dev/zero")) {
      try (FileInputStream device = new FileInputStream(name)) {
        SelectorKey key = selector.register(device, EVENT_READ);
        assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select(), name);
        selector.unregister(device);
        Elapsed.assertWaitsOut(selector);
      }
    }
  }

  @Test
  void theKeyRulesHold() throws Exception {
    SelectorKey key = selector.register(file, EVENT_READ, "data");
    assertThrows(IllegalStateException.class, () -> selector.register(file, EVENT_READ));
    assertThrows(IllegalStateException.class, () -> selector.register(file.getFD(), EVENT_READ));
    assertSame(key, selector.getKey(key.fd()));
    assertSame(key, selector.modify(file, EVENT_READ));
    SelectorKey writing = selector.modify(file, EVENT_WRITE);
    assertEquals(List.of(new ReadyKey(writing, EVENT_WRITE)), selector.select());
    assertEquals(1, selector.getMap().size());
    selector.unregister(file);
    Elapsed.assertWaitsOut(selector);
    SelectorKey again = selector.register(file, EVENT_READ);
    assertEquals(List.of(new ReadyKey(again, EVENT_READ)), selector.select());
  }

  /** Nothing that a file can be is a hang-up: it is registered, and others are waited for. */
  @Test
  void whatIsNeverReadyDoesNotMakeTheWaitALook() throws Exception {
    if (selector.mechanism() != Mechanism.EPOLL && selector.mechanism() != Mechanism.POLL) {
      return;
    }
    selector.register(file, EVENT_HANGUP);
    Elapsed.assertWaitsOut(selector);
    SelectorKey key = selector.register(pipe.source, EVENT_READ);
    try (var blocked = SelectThread.startBlocked(selector::select)) {
      pipe.write();
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), blocked.result());
    }
  }

  /** The number comes to name a file that the other set takes, and back. */
  @Test
  void modifyMovesAKeyBetweenTheSets() throws Exception {
    int number = TestPipe.UNUSED;
    int fileNumber = FileObjects.descriptor(file);
    TestLibrary.check(TestLibrary.dup2(fileNumber, number));
    selector.register(number, EVENT_READ);
    for (int round = 0; round < 3; round++) {
      SelectorKey key = selector.getKey(number);
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select());
      TestLibrary.check(TestLibrary.dup2(pipe.source, number));
      selector.modify(number, EVENT_READ);
      Elapsed.assertWaitsOut(selector);
      pipe.write();
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select());
      pipe.read();
      TestLibrary.check(TestLibrary.dup2(fileNumber, number));
      selector.modify(number, EVENT_READ);
    }
    selector.unregister(number);
    TestLibrary.check(TestLibrary.close(number));
    Elapsed.assertWaitsOut(selector);
  }

  /** A number that the other set had comes to be one of the first's. */
  @Test
  void nothingIsHandedOutTwice() throws Exception {
    int number = TestPipe.UNUSED;
    int fileNumber = FileObjects.descriptor(file);
    selector.register(file, EVENT_READ);
    TestLibrary.check(TestLibrary.dup2(fileNumber, number));
    selector.register(number, EVENT_READ);
    assertEquals(2, selector.select().size());
    selector.unregister(number);
    pipe.write();
    TestLibrary.check(TestLibrary.dup2(pipe.source, number));
    selector.register(number, EVENT_READ);
    assertEquals(2, selector.select().size());
    assertEquals(2, selector.select().size());
    selector.unregister(number);
    TestLibrary.check(TestLibrary.close(number));
  }

  @Test
  void aRegistrationOfAnotherThreadEndsTheWait() throws Exception {
    for (int round = 0; round < 200; round++) {
      selector.register(pipe.source, EVENT_READ);
      try (var blocked = SelectThread.startBlocked(selector::select)) {
        SelectorKey key = selector.register(file, EVENT_READ);
        assertEquals(List.of(new ReadyKey(key, EVENT_READ)), blocked.result());
      }
      selector.unregister(file);
      selector.unregister(pipe.source);
    }
  }

  @Test
  void wakeUpsAndClosingHold() throws Exception {
    selector.register(file, EVENT_READ);
    assertEquals(1, selector.wakeup().select().size());
    selector.unregister(file);
    Elapsed.assertWaitsOut(selector);
    selector.register(file, EVENT_READ);
    selector.close();
    assertThrows(ClosedSelectorException.class, selector::select);
    file.seek(0);
    assertEquals('c', file.read());
  }

  @Test
  void aThrowingHandlerLosesNothing() throws Exception {
    selector.register(file, EVENT_READ);
    selector.register(pipe.source, EVENT_READ);
    pipe.write();
    Object[] first = new Object[1];
    assertThrows(
        IllegalStateException.class,
        () ->
            selector.select(
                null,
                (key, events) -> {
                  first[0] = key.fileobj();
                  throw new IllegalStateException();
                }));
    Object[] second = new Object[1];
    assertEquals(1, selector.select(null, (key, events) -> second[0] = key.fileobj()));
    assertEquals(Set.of(file, (Object) pipe.source), Set.of(first[0], second[0]));
  }

  @Test
  void theDescriptorIsReadableWhileAFileIsReady() throws Exception {
    if (!(selector instanceof EpollSelector epoll)) {
      return;
    }
    selector.register(file, EVENT_READ);
    assertReadable(epoll, true);
    selector.unregister(file);
    assertReadable(epoll, false);
    selector.register(file, EVENT_READ);
    assertReadable(epoll, true);
    selector.modify(file, EVENT_HANGUP);
    assertReadable(epoll, false);
    selector.modify(file, EVENT_WRITE);
    assertReadable(epoll, true);
    selector.unregister(file);
    assertReadable(epoll, false);
  }

  /**
   * A file that was behind a stale number's has the kernel's set replaced, which polls all in it.
   */
  @Test
  void whatTheOtherSetHasGetsNoPriorityWhenTheFirstIsReplaced() throws Exception {
    try (FileInputStream device = new FileInputStream("/dev/null")) {
      selector.register(device, EVENT_PRIORITY);
      SelectorKey live = selector.register(pipe.source, EVENT_READ);
      pipe.write();
      int number = TestLibrary.check(TestLibrary.dup(pipe.source));
      selector.register(number, EVENT_READ);
      TestLibrary.check(TestLibrary.close(number));
      selector.unregister(number);
      for (int again = 0; again < 3; again++) {
        assertEquals(List.of(new ReadyKey(live, EVENT_READ)), selector.select(LONG));
      }
    }
  }

  @Test
  void aHangupIsWaitedForWhereAnyMechanismCan() throws Exception {
    TestDescriptor.Pair pair = makeSocketPair();
    SelectorKey other = selector.register(pipe.source, EVENT_READ);
    SelectorKey key = selector.register(pair.rd().fileno(), EVENT_HANGUP);
    pipe.write();
    assertEquals(List.of(new ReadyKey(other, EVENT_READ)), selector.select(LONG));
    pipe.read();
    Elapsed.assertWaitsOut(selector);
    try (var blocked = SelectThread.startBlocked(selector::select)) {
      TestLibrary.check(TestLibrary.shutdown(pair.wr().fileno(), 1));
      assertEquals(List.of(new ReadyKey(key, EVENT_HANGUP)), blocked.result());
    }
    SelectorKey reading = selector.modify(key.fd(), EVENT_READ);
    pipe.write();
    assertEquals(
        Set.of(new ReadyKey(reading, EVENT_READ), new ReadyKey(other, EVENT_READ)),
        Set.copyOf(selector.select(LONG)));
    selector.unregister(key.fd());
    selector.unregister(pipe.source);
    Elapsed.assertWaitsOut(selector);
  }

  @Test
  void priorityIsWaitedForWhereAnyMechanismCan() throws Exception {
    int[] tcp = new int[2];
    TestLibrary.check(TestLibrary.tcpPair(tcp));
    SelectorKey other = selector.register(pipe.source, EVENT_READ);
    SelectorKey key = selector.register(tcp[0], EVENT_PRIORITY | EVENT_READ);
    Elapsed.assertWaitsOut(selector);
    try (var blocked = SelectThread.startBlocked(selector::select)) {
      pipe.write();
      assertEquals(List.of(new ReadyKey(other, EVENT_READ)), blocked.result());
    }
    pipe.read();
    selector.modify(tcp[0], EVENT_PRIORITY);
    try (var blocked = SelectThread.startBlocked(selector::select)) {
      TestLibrary.check(TestLibrary.sendUrgent(tcp[1]));
      assertEquals(EVENT_PRIORITY, blocked.result().get(0).events());
    }
    assertSame(selector.getKey(tcp[0]), selector.select(LONG).get(0).key());
    assertEquals(key.fd(), selector.unregister(tcp[0]).fd());
    Elapsed.assertWaitsOut(selector);
    TestLibrary.check(TestLibrary.close(tcp[0]));
    TestLibrary.check(TestLibrary.close(tcp[1]));
  }

  /** Of what one set can't wait for alone, no half is lost: it is refused. */
  @Test
  void priorityAndAHangupAreBothToldOrRefused() throws Exception {
    int[] tcp = new int[2];
    TestLibrary.check(TestLibrary.tcpPair(tcp));
    SelectorKey key = null;
    try {
      key = selector.register(tcp[0], EVENT_PRIORITY | EVENT_HANGUP);
    } catch (UnsupportedOperationException refusal) {
      assertSame(Mechanism.KQUEUE, selector.mechanism());
      assertTrue(refusal.getMessage().contains("EVENT_PRIORITY"), refusal::getMessage);
      assertTrue(selector.getMap().isEmpty());
    }
    if (key != null) {
      TestLibrary.check(TestLibrary.sendUrgent(tcp[1]));
      assertEquals(List.of(new ReadyKey(key, EVENT_PRIORITY)), selector.select(LONG));
      TestLibrary.check(TestLibrary.shutdown(tcp[1], 1));
      long end = System.nanoTime() + LONG.toNanos();
      int events = 0;
      while ((events & EVENT_HANGUP) == 0 && System.nanoTime() < end) {
        events |= selector.select(LONG).get(0).events();
      }
      assertEquals(EVENT_PRIORITY | EVENT_HANGUP, events);
      selector.unregister(tcp[0]);
    }
    TestLibrary.check(TestLibrary.close(tcp[0]));
    TestLibrary.check(TestLibrary.close(tcp[1]));
  }

  @Test
  void aClosedNumberIsRefusedAsEverywhere() throws Exception {
    SystemCallException refusal =
        assertThrows(
            SystemCallException.class, () -> selector.register(TestPipe.UNUSED, EVENT_READ));
    assertEquals("EBADF", refusal.errnoName());
    assertTrue(selector.getMap().isEmpty());
  }

  @Test
  void theMechanismsOwnSelectorHasNoFallback() throws Exception {
    try (BaseSelector best = Mechanism.best().open()) {
      if (best.mechanism() == Mechanism.EPOLL) {
        SystemCallException refusal =
            assertThrows(SystemCallException.class, () -> best.register(file, EVENT_READ));
        assertEquals("EPERM", refusal.errnoName());
      }
    }
  }

  private static void assertReadable(EpollSelector selector, boolean readable) throws Exception {
    assertEquals(readable ? Poll.POLLIN : 0, TestLibrary.poll(selector.fileno(), Poll.POLLIN, 0));
  }
}
