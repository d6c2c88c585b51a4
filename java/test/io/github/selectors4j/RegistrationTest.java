package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.Elapsed.assertStillWorks;
import static io.github.selectors4j.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ref.WeakReference;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * register, modify, unregister and getKey: the keys they make, and which key a file object finds.
 */
class RegistrationTest {

  @EveryMechanism
  void registerReturnsTheKeyThatGetKeyFinds(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      Object data = new Object();
      SelectorKey key = selector.register(pipe.source, EVENT_READ, data);
      assertEquals(new SelectorKey(pipe.source, pipe.source, EVENT_READ, data), key);
      assertSame(data, key.data());
      assertSame(key, selector.getKey(pipe.source));
      assertNull(selector.register(pipe.sink, EVENT_WRITE).data());
    }
  }

  /** What was attached may be large, and a selector may not select again for long. */
  @EveryMechanism
  void nothingIsKeptOfAKeyThatIsGone(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe first = TestPipe.readable();
        TestPipe modified = TestPipe.readable();
        TestPipe withOtherEvents = TestPipe.readable();
        TestPipe last = TestPipe.readable()) {
      List<WeakReference<Object>> attachments = new ArrayList<>();
      for (TestPipe pipe : List.of(first, modified, withOtherEvents, last)) {
        attachments.add(registerWithAttachment(selector, pipe));
      }
      for (int waits = 0; waits < 20; waits++) {
        assertEquals(4, selector.selectNow((key, events) -> {}));
      }
      selector.unregister(first.source);
      assertEquals(3, selector.selectNow((key, events) -> {}));
      selector.unregister(last.source); // which may have taken the place of the first
      selector.modify(modified.source, EVENT_READ, null);
      selector.modify(withOtherEvents.source, EVENT_READ | EVENT_WRITE, null);
      awaitCollection(attachments);
    }
  }

  /** Its user may hold on to it for as long as it likes. */
  @EveryMechanism
  void nothingIsKeptOnceASelectorIsClosed(Mechanism mechanism) throws Exception {
    BaseSelector selector = mechanism.open();
    List<WeakReference<Object>> attachments = new ArrayList<>();
    List<TestPipe> pipes = new ArrayList<>();
    try (selector) {
      for (int i = 0; i < 20; i++) { // as many as an adaptive set asks for by poll
        pipes.add(TestPipe.readable());
        attachments.add(registerWithAttachment(selector, pipes.get(i)));
      }
      for (int waits = 0; waits < 50; waits++) {
        selector.selectNow((key, events) -> {});
      }
    } finally {
      pipes.forEach(TestPipe::close);
    }
    awaitCollection(attachments);
    assertFalse(selector.isOpen());
  }

  private static void awaitCollection(List<WeakReference<Object>> objects) {
    Elapsed elapsed = Elapsed.start();
    while (objects.stream().anyMatch(object -> object.get() != null)) {
      elapsed.assertWithin(Duration.ofSeconds(30));
      System.gc();
    }
  }

  private static WeakReference<Object> registerWithAttachment(BaseSelector selector, TestPipe pipe)
      throws IOException {
    Object attachment = new Object();
    selector.register(pipe.source, EVENT_READ, attachment);
    return new WeakReference<>(attachment);
  }

  @EveryMechanism
  void whatIsRegisteredIsNotRegisteredAgain(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable()) {
      Numbered first = new Numbered(pipe.source);
      SelectorKey key = selector.register(first, EVENT_READ);
      assertRefused(
          IllegalStateException.class,
          () -> selector.register(first, EVENT_WRITE),
          first,
          pipe.source);
      Numbered second = new Numbered(pipe.source);
      assertRefused(
          IllegalStateException.class,
          () -> selector.register(second, EVENT_WRITE),
          first,
          second,
          pipe.source);
      assertRefused(
          IllegalStateException.class, () -> selector.register(pipe.source, EVENT_READ), first);
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
      assertEquals(1, selector.getMap().size());
      assertStillWorks(selector);
    }
  }

  @EveryMechanism
  void aClosedObjectMakesWayForItsNumbersNextOwner(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable()) {
      Numbered byNumber = new Numbered(pipe.source);
      selector.register(byNumber, EVENT_READ);
      byNumber.number = -1;
      Numbered byException = new Numbered(pipe.source);
      selector.register(byException, EVENT_READ);
      byException.closed = true;
      SelectorKey key = selector.register(pipe.source, EVENT_READ);
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
      assertEquals(1, selector.getMap().size());
      assertRefused(NoSuchElementException.class, () -> selector.unregister(byNumber), byNumber);
    }
  }

  /** One has the object itself, under the number that it had; the other one its new number. */
  @EveryMechanism
  void twoClosedObjectsMakeWayAtOnce(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe first = TestPipe.open();
        TestPipe second = TestPipe.readable()) {
      Iterator<Integer> numbers = List.of(first.source, second.source, -1).iterator();
      HasFileno moved = numbers::next;
      selector.register(moved, EVENT_READ);
      Numbered owner = new Numbered(second.source);
      selector.register(owner, EVENT_READ);
      owner.closed = true;
      SelectorKey key = selector.register(moved, EVENT_READ);
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
      assertEquals(1, selector.getMap().size());
    }
  }

  /** Every kind of the JDK's that can tell that it is closed. */
  @EveryMechanism
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "file objects are sockets")
  void aClosedObjectOfTheJdkMakesWayToo(Mechanism mechanism, @TempDir Path folder)
      throws Exception {
    Path fifo = folder.resolve("fifo");
    TestLibrary.check(TestLibrary.mkfifo(fifo.toString()));
    // Should the JVM open something while one is closed, let it find a lower number.
    Duplicates lower = Duplicates.of(0, 20);
    RandomAccessFile file = new RandomAccessFile(fifo.toFile(), "rw");
    RandomAccessFile fileOfDescriptor = new RandomAccessFile(fifo.toFile(), "rw");
    Pipe pipe = Pipe.open();
    DatagramSocket datagramSocket = new DatagramSocket();
    ServerSocket serverSocket = new ServerSocket(0);
    lower.close();
    assertMakesWay(mechanism, pipe.source(), pipe.source());
    assertMakesWay(mechanism, pipe.sink(), pipe.sink());
    assertMakesWay(mechanism, datagramSocket, datagramSocket);
    assertMakesWay(mechanism, file, file);
    assertMakesWay(mechanism, fileOfDescriptor.getFD(), fileOfDescriptor);
    assertMakesWay(mechanism, serverSocket, serverSocket);
  }

  private static void assertMakesWay(Mechanism mechanism, Object fileobj, Closeable closeable)
      throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe next = TestPipe.open()) {
      int number = selector.register(fileobj, EVENT_READ).fd();
      closeable.close();
      TestLibrary.check(TestLibrary.dup2(next.source, number));
      SelectorKey key = selector.register(number, EVENT_READ);
      assertTrue(selector.selectNow().isEmpty(), fileobj::toString);
      next.write();
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
      TestLibrary.check(TestLibrary.close(number));
    }
  }

  @EveryMechanism
  void aClosedObjectIsStillFoundByIdentity(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      DatagramSocket socket = new DatagramSocket();
      SelectorKey key = selector.register(socket, EVENT_READ);
      socket.close();
      assertSame(key, selector.getKey(socket));
      assertSame(key, selector.unregister(socket));
      assertTrue(selector.getMap().isEmpty());
      assertStillWorks(selector);
    }
  }

  @EveryMechanism
  void modifyKeepsTheKeyWhenNothingDiffers(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable()) {
      SelectorKey key = selector.register(pipe.source, EVENT_READ, "data");
      assertSame(key, selector.modify(pipe.source, EVENT_READ));
      assertSame(key, selector.modify(pipe.source, EVENT_READ, "data"));
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
    }
  }

  /** A call to the kernel would find out that the descriptor is closed. */
  @EveryMechanism
  @DisabledOnOs(
      value = OS.WINDOWS,
      disabledReason = "a pipe is two sockets, and each can be written to")
  void modifyMakesANewKeyForNewDataAndNewEvents(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable()) {
      SelectorKey first = selector.register(pipe.source, EVENT_READ, "data");
      SelectorKey second = selector.modify(pipe.source, EVENT_READ, "other");
      assertNotSame(first, second);
      assertEquals(new SelectorKey(pipe.source, pipe.source, EVENT_READ, "other"), second);
      assertEquals(List.of(new ReadyKey(second, EVENT_READ)), selector.selectNow());
      SelectorKey third = selector.modify(pipe.source, EVENT_WRITE);
      assertEquals(new SelectorKey(pipe.source, pipe.source, EVENT_WRITE, "other"), third);
      assertTrue(selector.selectNow().isEmpty());
      SelectorKey fourth = selector.modify(pipe.source, EVENT_READ | EVENT_WRITE, null);
      assertNull(fourth.data());
      assertEquals(List.of(new ReadyKey(fourth, EVENT_READ)), selector.selectNow());
      assertSame(fourth, selector.getKey(pipe.source));
    }
  }

  @EveryMechanism
  void theRegisteredObjectStaysWhenModifiedThroughAnother(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      Numbered registered = new Numbered(pipe.source);
      selector.register(registered, EVENT_READ, "data");
      assertSame(registered, selector.modify(pipe.source, EVENT_WRITE).fileobj());
      assertSame(registered, selector.modify(new Numbered(pipe.source), EVENT_READ).fileobj());
      assertSame(registered, selector.getKey(pipe.source).fileobj());
      assertSame(registered, selector.unregister(new Numbered(pipe.source)).fileobj());
      assertTrue(selector.getMap().isEmpty());
    }
  }

  @EveryMechanism
  void identityIsAskedBeforeTheDescriptor(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe first = TestPipe.open();
        TestPipe second = TestPipe.open()) {
      Numbered moved = new Numbered(first.source);
      SelectorKey key = selector.register(moved, EVENT_READ);
      selector.register(second.source, EVENT_READ);
      moved.number = second.source;
      assertSame(key, selector.getKey(moved));
      moved.closed = true;
      assertSame(key, selector.getKey(moved), "a closed object is found by identity");
      assertSame(key, selector.unregister(moved));
      assertEquals(second.source, selector.getKey(second.source).fd());
    }
  }

  @EveryMechanism
  void aLookupByDescriptorPassesOverAClosedObject(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      Numbered object = new Numbered(pipe.source);
      SelectorKey key = selector.register(object, EVENT_READ);
      object.closed = true;
      assertRefused(NoSuchElementException.class, () -> selector.getKey(pipe.source), pipe.source);
      Numbered other = new Numbered(pipe.source);
      assertRefused(NoSuchElementException.class, () -> selector.modify(other, EVENT_READ), other);
      assertSame(key, selector.unregister(object));
    }
  }

  @EveryMechanism
  void unregisterOfAClosedDescriptorIsSilent(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable()) {
      SelectorKey key = selector.register(pipe.source, EVENT_READ);
      pipe.closeSource();
      assertSame(key, selector.unregister(pipe.source));
      assertTrue(selector.selectNow().isEmpty());
      assertStillWorks(selector);
    }
  }

  @EveryMechanism
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no number can be chosen")
  void unregisterOfAReusedNumberIsSilent(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open();
        TestPipe idle = TestPipe.open()) {
      SelectorKey key = selector.register(pipe.source, EVENT_READ);
      TestLibrary.check(TestLibrary.dup2(idle.source, pipe.source));
      assertSame(key, selector.unregister(pipe.source));
      idle.write();
      assertTrue(selector.selectNow().isEmpty());
      assertStillWorks(selector);
    }
  }

  @EveryMechanism
  void registerAfterUnregisterStartsAnew(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable()) {
      for (int round = 0; round < 100; round++) {
        SelectorKey key = selector.register(pipe.source, EVENT_READ, round);
        assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
        assertSame(key, selector.unregister(pipe.source));
        assertTrue(selector.selectNow().isEmpty());
      }
    }
  }

  /** A file object of the user's that can change its number and be closed. */
  private static final class Numbered implements HasFileno {
    volatile int number;
    volatile boolean closed;

    Numbered(int number) {
      this.number = number;
    }

    @Override
    public int fileno() throws IOException {
      if (closed) {
        throw new IOException("closed");
      }
      return number;
    }
  }
}
