package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_HANGUP;
import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.Elapsed.assertStillWorks;
import static io.github.selectors4j.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.select.Kevent;
import io.github.selectors4j.select.Kqueue;
import io.github.selectors4j.select.Poll;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** CPython's {@code KqueueSelectorTestCase}. */
@RequiresMechanism(Mechanism.KQUEUE)
class KqueueSelectorTest extends ScalableSelectorTestCase {
  @Override
  BaseSelector open() throws IOException {
    return KqueueSelector.open();
  }

  /** Whether a pipe whose reader is gone may be watched for writing: on macOS it is ready. */
  private static boolean takesBrokenPipes() throws IOException {
    try (Kqueue queue = Kqueue.open();
        TestPipe broken = TestPipe.open()) {
      broken.closeSource();
      Kevent change = new Kevent(broken.sink, Kqueue.KQ_FILTER_WRITE, Kqueue.KQ_EV_ADD, 0, 0, 0);
      try {
        return queue.control(List.of(change), 1, Duration.ZERO).get(0).flags()
            != Kqueue.KQ_EV_ERROR;
      } catch (SystemCallException e) {
        return false;
      }
    }
  }

  /** By EPIPE or, on NetBSD, by EBADF; or it is ready, for the write tells the error. */
  @Test
  void aPipeWithoutAReaderIsRefusedWithTheReasonOrReady() throws Exception {
    try (KqueueSelector selector = KqueueSelector.open();
        TestPipe broken = TestPipe.open()) {
      broken.closeSource();
      if (takesBrokenPipes()) {
        SelectorKey key = selector.register(broken.sink, EVENT_WRITE);
        assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), selector.select());
        selector.unregister(broken.sink);
      } else {
        assertRefused(
            SystemCallException.class,
            () -> selector.register(broken.sink, EVENT_WRITE),
            broken.sink,
            "its other end is closed");
      }
      assertTrue(selector.getMap().isEmpty());
      assertStillWorks(selector);
    }
  }

  /**
   * What CPython's asyncio does with a child's stdin: the end to write to is watched for reading,
   * all the time, and is ready when the reader is gone, be the pipe empty or full.
   */
  @Test
  void thatTheReaderIsGoneIsReadableAtTheEndToWriteTo() throws Exception {
    for (boolean full : new boolean[] {false, true}) {
      try (KqueueSelector selector = KqueueSelector.open();
          TestPipe pipe = TestPipe.open()) {
        SelectorKey key = selector.register(pipe.sink, EVENT_READ | EVENT_HANGUP);
        if (full) {
          pipe.fill();
        }
        Elapsed.assertWaitsOut(selector);
        key = selector.modify(pipe.sink, EVENT_READ | EVENT_WRITE);
        assertEquals(
            full ? List.of() : List.of(new ReadyKey(key, EVENT_WRITE)), selector.selectNow());
        pipe.closeSource();
        List<ReadyKey> ready = selector.select();
        assertEquals(key, ready.get(0).key());
        assertTrue(ready.get(0).isReadable());
        key = selector.modify(pipe.sink, EVENT_READ | EVENT_HANGUP);
        assertEquals(List.of(new ReadyKey(key, EVENT_READ | EVENT_HANGUP)), selector.select());
      }
    }
  }

  /** macOS refuses it unless one byte is said to be enough. */
  @Test
  void aDeviceIsWatched() throws Exception {
    try (KqueueSelector selector = KqueueSelector.open();
        RandomAccessFile device = new RandomAccessFile("/dev/null", "rw")) {
      SelectorKey key = selector.register(device, EVENT_READ | EVENT_WRITE);
      assertEquals(List.of(new ReadyKey(key, EVENT_READ | EVENT_WRITE)), selector.select());
      key = selector.modify(device, EVENT_WRITE);
      assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), selector.select());
      key = selector.modify(device, EVENT_READ);
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select());
      selector.unregister(device);
      assertStillWorks(selector);
    }
  }

  /** macOS' poll says that an open device is not open, and would at every turn. */
  @Test
  void pollRefusesADeviceThatItTakesForClosed() throws Exception {
    try (PollSelector selector = PollSelector.open();
        TestPipe pipe = TestPipe.open();
        Poll poll = Poll.open();
        FileInputStream device = new FileInputStream("/dev/null")) {
      poll.register(device, Poll.POLLIN);
      if (poll.poll(Duration.ZERO).get(0).events() == Poll.POLLIN) {
        selector.register(device, EVENT_READ);
        assertEquals(1, selector.select().size());
        return;
      }
      assertRefused(
          SystemCallException.class,
          () -> selector.register(device, EVENT_READ),
          device.toString(),
          "EINVAL",
          "DefaultSelector");
      selector.register(pipe.source, EVENT_READ);
      Elapsed.assertWaitsOut(selector);
    }
  }

  /** A filter that stayed behind would be reported to nobody, and make every wait spin. */
  @Test
  void aModifyThatKqueueRefusesInPartLeavesNoFilterBehind() throws Exception {
    try (KqueueSelector selector = KqueueSelector.open();
        TestPipe pipe = TestPipe.open();
        TestPipe broken = TestPipe.open()) {
      broken.closeSource();
      selector.register(pipe.sink, EVENT_WRITE);
      assertEquals(pipe.sink, TestLibrary.dup2(broken.sink, pipe.sink));
      if (takesBrokenPipes()) {
        SelectorKey key = selector.modify(pipe.sink, EVENT_READ | EVENT_WRITE);
        assertEquals(List.of(new ReadyKey(key, EVENT_READ | EVENT_WRITE)), selector.select());
        return;
      }
      assertRefused(
          SystemCallException.class,
          () -> selector.modify(pipe.sink, EVENT_READ | EVENT_WRITE),
          pipe.sink);
      assertTrue(selector.getMap().isEmpty());
      Kevent removal = new Kevent(pipe.sink, Kqueue.KQ_FILTER_READ, Kqueue.KQ_EV_DELETE, 0, 0, 0);
      // Not closed: the queue is the selector's.
      Kqueue queue = Kqueue.fromFd(selector.fileno());
      SystemCallException absent =
          assertRefused(
              SystemCallException.class, () -> queue.control(List.of(removal), 0, Duration.ZERO));
      assertEquals("ENOENT", absent.errnoName());
      assertStillWorks(selector);
    }
  }

  /** Its low-water mark is out of reach: nobody is woken for what a paused reader has not read. */
  @Test
  void aPipeThatIsWaitedForToHangUpReportsNoBytes() throws Exception {
    try (KqueueSelector selector = KqueueSelector.open();
        TestPipe pipe = TestPipe.readable()) {
      selector.register(pipe.source, EVENT_HANGUP);
      Kqueue queue = Kqueue.fromFd(selector.fileno());
      for (int round = 0; round < 2; round++) {
        assertEquals(List.of(), queue.control(List.of(), 1, Duration.ZERO));
        pipe.write();
      }
    }
  }

  /** Also of the default, which has others take what kqueue refuses. */
  @Test
  void aSelectorInItself() throws Exception {
    try (KqueueSelector own = KqueueSelector.open();
        BaseSelector selector = DefaultSelector.open()) {
      assertRefused(
          SystemCallException.class,
          () -> own.register(own, EVENT_READ),
          own,
          "a queue can't watch itself");
      if (selector instanceof KqueueSelector) {
        assertRefused(
            SystemCallException.class,
            () -> selector.register(selector, EVENT_READ),
            "a queue can't watch itself");
      }
      assertStillWorks(selector);
    }
  }
}
