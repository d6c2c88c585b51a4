package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.Elapsed.assertStillWorks;
import static io.github.selectors4j.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.selectors4j.internal.fileobject.FileObjects;
import io.github.selectors4j.select.Epoll;
import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/**
 * What is refused because of its arguments: the exception's type, the message that names the
 * object, and the selector none the worse for it.
 */
class BadInputTest {
  private static final int[] BAD_EVENTS = {
    0, 16, 32, EVENT_READ | 16, EVENT_READ | EVENT_WRITE | 64, -1, Integer.MIN_VALUE
  };

  @EveryMechanism
  void registerRefusesEventsThatAreNoMask(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable()) {
      for (int events : BAD_EVENTS) {
        assertRefused(
            IllegalArgumentException.class,
            () -> selector.register(pipe.source, events),
            pipe.source,
            events);
      }
      assertTrue(selector.getMap().isEmpty());
      assertTrue(selector.selectNow().isEmpty());
      assertStillWorks(selector);
    }
  }

  @EveryMechanism
  void modifyRefusesEventsThatAreNoMaskAndKeepsTheRegistration(Mechanism mechanism)
      throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable()) {
      SelectorKey key = selector.register(pipe.source, EVENT_READ, "data");
      for (int events : BAD_EVENTS) {
        assertRefused(
            IllegalArgumentException.class,
            () -> selector.modify(pipe.source, events),
            pipe.source,
            events);
        assertRefused(
            IllegalArgumentException.class,
            () -> selector.modify(pipe.source, events, "other"),
            pipe.source,
            events);
      }
      assertSame(key, selector.getKey(pipe.source));
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
      assertStillWorks(selector);
    }
  }

  @EveryMechanism
  void registerRefusesWhatIsNoFileObject(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        InputStream buffered = new BufferedInputStream(InputStream.nullInputStream())) {
      for (Object none :
          List.of(
              new Object(), "3", 3L, 3.0, (short) 3, Path.of("/dev/null"), List.of(3), buffered)) {
        assertRefused(
            IllegalArgumentException.class, () -> selector.register(none, EVENT_READ), none);
      }
      assertTrue(selector.getMap().isEmpty());
      assertStillWorks(selector);
    }
  }

  @EveryMechanism
  void registerRefusesWhatHasNoDescriptor(Mechanism mechanism) throws Exception {
    Pipe pipe = Pipe.open();
    pipe.source().close();
    pipe.sink().close();
    Socket closed = new Socket();
    closed.bind(null);
    closed.close();
    HasFileno negative = () -> -7;
    try (BaseSelector selector = mechanism.open();
        Socket unmade = new Socket()) {
      for (Object none :
          List.of(pipe.source(), pipe.sink(), closed, unmade, new FileDescriptor(), negative)) {
        assertRefused(
            IllegalArgumentException.class, () -> selector.register(none, EVENT_READ), none);
      }
      for (int fd : new int[] {-1, -2, Integer.MIN_VALUE}) {
        assertRefused(IllegalArgumentException.class, () -> selector.register(fd, EVENT_READ), fd);
      }
      assertTrue(selector.getMap().isEmpty());
      assertStillWorks(selector);
    }
  }

  @EveryMechanism
  void whatFilenoThrowsPassesThroughRegister(Mechanism mechanism) throws Exception {
    IOException checked = new IOException("no descriptor today");
    RuntimeException unchecked = new IllegalCallerException("a bug of the user's");
    try (BaseSelector selector = mechanism.open()) {
      assertSame(
          checked,
          assertThrows(IOException.class, () -> selector.register(throwing(checked), EVENT_READ)));
      assertSame(
          unchecked,
          assertThrows(
              RuntimeException.class, () -> selector.register(throwing(unchecked), EVENT_READ)));
      assertSame(
          unchecked,
          assertThrows(RuntimeException.class, () -> selector.getKey(throwing(unchecked))));
      assertSame(
          unchecked,
          assertThrows(RuntimeException.class, () -> selector.unregister(throwing(unchecked))));
      assertTrue(selector.getMap().isEmpty());
      assertStillWorks(selector);
    }
  }

  @EveryMechanism
  void whatIsNotRegisteredIsNotFoundWhateverItsType(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe registered = TestPipe.readable();
        TestPipe other = TestPipe.open()) {
      SelectorKey key = selector.register(registered.source, EVENT_READ);
      HasFileno negative = () -> -7;
      for (Object unknown :
          List.of(
              other.source,
              Integer.MAX_VALUE,
              -1,
              Integer.MIN_VALUE,
              new Object(),
              "3",
              3L,
              new FileDescriptor(),
              negative,
              ByteBuffer.allocate(1))) {
        assertNotFound(selector, unknown);
      }
      HasFileno closed = throwing(new IOException("closed"));
      assertRefused(NoSuchElementException.class, () -> selector.getKey(closed), closed);
      assertRefused(NoSuchElementException.class, () -> selector.unregister(closed), closed);
      IOException passed =
          assertThrows(IOException.class, () -> selector.modify(closed, EVENT_READ));
      assertEquals("closed", passed.getMessage());
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
      assertStillWorks(selector);
    }
  }

  private static void assertNotFound(BaseSelector selector, Object unknown) {
    assertNotFound(selector, unknown, unknown);
  }

  private static void assertNotFound(BaseSelector selector, Object named, Object unknown) {
    assertRefused(NoSuchElementException.class, () -> selector.getKey(unknown), named);
    assertRefused(NoSuchElementException.class, () -> selector.unregister(unknown), named);
    assertRefused(NoSuchElementException.class, () -> selector.modify(unknown, EVENT_READ), named);
    assertRefused(
        NoSuchElementException.class, () -> selector.modify(unknown, EVENT_READ, "data"), named);
  }

  @EveryMechanism
  void theDescriptorIsNamedToo(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        DatagramChannel channel = DatagramChannel.open()) {
      int fd = FileObjects.descriptor(channel);
      String named = channel + " (fd " + fd + ")";
      assertNotFound(selector, named, channel);
      assertNotFound(selector, "fd " + fd, (HasFileno) () -> fd);
      assertRefused(IllegalArgumentException.class, () -> selector.register(channel, 16), named);
      selector.register(channel, EVENT_READ);
      assertRefused(
          IllegalStateException.class, () -> selector.register(channel, EVENT_READ), named);
      assertRefused(IllegalArgumentException.class, () -> selector.modify(channel, 16), named);
    }
  }

  @EveryMechanism
  void aDescriptorThatIsNotOpenCostsNothing(Mechanism mechanism) throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (BaseSelector selector = mechanism.open()) {
      assertRefused(SystemCallException.class, () -> refuse(selector, 5_000), "EBADF");
      for (int closed : new int[] {1_000_000, Integer.MAX_VALUE}) {
        long before = threads.getCurrentThreadAllocatedBytes();
        assertRefused(SystemCallException.class, () -> refuse(selector, closed), "EBADF");
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 50_000, () -> allocated + " bytes");
      }
    }
  }

  private static void refuse(BaseSelector selector, int closed) throws IOException {
    selector.register(closed, EVENT_READ | EVENT_WRITE);
  }

  @EveryMechanism
  void aSelectorThatIsClosedHasNoClaimOnItsNumber(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.readable()) {
      EpollSelector inner = EpollSelector.open();
      int number = inner.fileno();
      selector.register(inner, EVENT_READ);
      inner.close();
      TestLibrary.check(TestLibrary.dup2(pipe.source, number));
      try {
        SelectorKey key = selector.register(number, EVENT_READ);
        assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
      } finally {
        TestLibrary.close(number);
      }
    }
  }

  @EveryMechanism
  void aClosedSelectorIsNoFileObject(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      EpollSelector closedSelector = EpollSelector.open();
      closedSelector.close();
      Epoll closedSet = Epoll.open();
      closedSet.close();
      for (Object closed : List.of(closedSelector, closedSet)) {
        assertRefused(
            IllegalArgumentException.class, () -> selector.register(closed, EVENT_READ), closed);
        assertNotFound(selector, closed);
      }
      assertStillWorks(selector);
    }
  }

  /** Which is not asked what it calls itself, and is not part of any message. */
  @EveryMechanism
  void anAttachmentMayContainItself(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      SelectorKey key = selector.register(pipe.source, EVENT_READ, selector.getMap());
      assertRefused(
          IllegalStateException.class,
          () -> selector.register(pipe.source, EVENT_READ),
          pipe.source,
          EVENT_READ);
      assertSame(key, selector.unregister(pipe.source));
    }
  }

  @EveryMechanism
  void anObjectMayFailToNameItself(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open();
        TestPipe lost = TestPipe.openAt(TestPipe.UNUSED)) {
      String name = Nameless.class.getName();
      Nameless object = new Nameless(pipe.source);
      lost.closeSource();
      assertRefused(IllegalArgumentException.class, () -> selector.register(object, 0), name);
      assertRefused(NoSuchElementException.class, () -> selector.unregister(object), name);
      assertRefused(
          SystemCallException.class,
          () -> selector.register(new Nameless(lost.source), EVENT_READ),
          name);
      assertRefused(
          IllegalArgumentException.class,
          () -> selector.register(new Nameless(-5), EVENT_READ),
          name,
          "fileno()");
      selector.register(object, EVENT_READ);
      for (Object other : List.of(object, pipe.source)) {
        assertRefused(
            IllegalStateException.class, () -> selector.register(other, EVENT_READ), pipe.source);
      }
      assertStillWorks(selector);
    }
  }

  private record Nameless(int fileno) implements HasFileno {
    @Override
    public String toString() {
      throw new IllegalArgumentException("no name");
    }
  }

  @EveryMechanism
  void nullIsNamed(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      Object none = nothing();
      ReadyHandler noHandler = nothing();
      assertNull("fileobj", () -> selector.register(none, EVENT_READ));
      assertNull("fileobj", () -> selector.register(none, EVENT_READ, "data"));
      assertNull("fileobj", () -> selector.unregister(none));
      assertNull("fileobj", () -> selector.modify(none, EVENT_READ));
      assertNull("fileobj", () -> selector.modify(none, EVENT_READ, "data"));
      assertNull("fileobj", () -> selector.getKey(none));
      assertNull("handler", () -> selector.select(Duration.ZERO, noHandler));
      assertNull("handler", () -> selector.selectNanos(0, noHandler));
      assertNull("handler", () -> selector.selectNow(noHandler));
      assertStillWorks(selector);
    }
  }

  private static void assertNull(String name, Executable call) {
    assertRefused(NullPointerException.class, call, name);
  }

  private static HasFileno throwing(Exception exception) {
    return () -> {
      if (exception instanceof IOException checked) {
        throw checked;
      }
      throw (RuntimeException) exception;
    };
  }

  /** Null where the annotations forbid it. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    @Nullable T nothing = null;
    return nothing;
  }
}
