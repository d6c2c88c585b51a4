package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.Elapsed.assertIdle;
import static io.github.selectors4j.Elapsed.assertStillWorks;
import static io.github.selectors4j.Elapsed.assertWaitsOut;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file that is watched under a number which was closed, while a duplicate keeps the file alive:
 * epoll goes on reporting it, and can't be told to stop by number. Nobody may notice, on any
 * mechanism.
 */
@Tag(Interposed.TOO)
class StaleEventsTest {

  /**
   * Registers a duplicate of a file, closes it, and unregisters: what epoll can't undo.
   *
   * @return the number, which is free
   */
  static int leaveStale(BaseSelector selector, TestPipe kept) throws Exception {
    int number = TestLibrary.check(TestLibrary.dup2(kept.source, TestPipe.UNUSED));
    selector.register(number, EVENT_READ, "stale");
    TestLibrary.check(TestLibrary.close(number));
    assertEquals(number, selector.unregister(number).fd());
    return number;
  }

  /**
   * The same, but the number is never closed while it is registered, which may be reported: another
   * file takes it over.
   */
  private static void leaveStale(BaseSelector selector, TestPipe kept, TestPipe successor)
      throws Exception {
    int number = TestLibrary.check(TestLibrary.dup(kept.source));
    selector.register(number, EVENT_READ, "stale");
    TestLibrary.check(TestLibrary.dup2(successor.source, number));
    assertEquals(number, selector.unregister(number).fd());
    TestLibrary.check(TestLibrary.close(number));
  }

  @EveryMechanism
  void areNeverReported(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe kept = TestPipe.readable()) {
      leaveStale(selector, kept);
      assertTrue(selector.selectNow().isEmpty());
      assertWaitsOut(selector);
      assertStillWorks(selector);
      SelectorKey key = selector.register(kept.source, EVENT_READ);
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select());
    }
  }

  @EveryMechanism
  void doNotSpin(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe kept = TestPipe.readable()) {
      leaveStale(selector, kept);
      assertIdle(selector);
      kept.read();
      leaveStale(selector, kept);
      kept.write();
      assertIdle(selector);
    }
  }

  @EveryMechanism
  void areNotTakenForTheNextFileOfThatNumber(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe kept = TestPipe.readable()) {
      for (int round = 0; round < 50; round++) {
        int number = leaveStale(selector, kept);
        try (TestPipe next = TestPipe.openAt(number)) {
          SelectorKey key = selector.register(next.source, EVENT_READ);
          assertTrue(selector.selectNow().isEmpty(), "the next file is idle");
          next.write();
          assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select());
          selector.unregister(next.source);
        }
      }
    }
  }

  /** The number is taken over before unregister, so that it fails for the new file's sake. */
  @EveryMechanism
  void areNotLeftByANumberThatWasTakenOver(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe kept = TestPipe.readable();
        TestPipe idle = TestPipe.open()) {
      int number = TestLibrary.check(TestLibrary.dup(kept.source));
      selector.register(number, EVENT_READ);
      TestLibrary.check(TestLibrary.dup2(idle.source, number));
      selector.unregister(number);
      assertIdle(selector);
      SelectorKey key = selector.register(number, EVENT_READ);
      assertIdle(selector);
      idle.write();
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select());
      TestLibrary.check(TestLibrary.close(number));
    }
  }

  /** The set still has the entry of old, since that could not be removed. */
  @EveryMechanism
  void areNotInTheWayOfTheSameFileUnderTheSameNumber(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe kept = TestPipe.readable()) {
      int number = leaveStale(selector, kept);
      TestLibrary.check(TestLibrary.dup2(kept.source, number));
      SelectorKey key = selector.register(number, EVENT_READ);
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
      selector.unregister(number);
      assertTrue(selector.selectNow().isEmpty());
      TestLibrary.check(TestLibrary.close(number));
    }
  }

  /**
   * The number names its first file again when it is modified, and so does the entry of old; but
   * the second file, of that number too, is stale now.
   */
  @EveryMechanism
  void areNotRevivedByAModify(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe first = TestPipe.open();
        TestPipe second = TestPipe.open()) {
      int number = TestLibrary.check(TestLibrary.dup(first.source));
      selector.register(number, EVENT_READ);
      TestLibrary.check(TestLibrary.dup2(second.source, number));
      selector.unregister(number);
      selector.register(number, EVENT_READ);
      TestLibrary.check(TestLibrary.dup2(first.source, number));
      SelectorKey key = selector.modify(number, EVENT_READ | EVENT_WRITE);
      first.write();
      second.write();
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select());
      first.read();
      assertIdle(selector);
      TestLibrary.check(TestLibrary.close(number));
    }
  }

  /** The kernel tells what is in its set: nothing but the wake-up and what is registered. */
  @Test
  void endWithTheSetThatTheyAreIn() throws Exception {
    try (EpollSelector selector = EpollSelector.open();
        TestPipe kept = TestPipe.readable();
        TestPipe live = TestPipe.open()) {
      selector.register(live.source, EVENT_READ);
      int number = leaveStale(selector, kept);
      try (TestPipe next = TestPipe.openAt(number)) {
        selector.register(next.source, EVENT_READ);
        int set = filesIn(selector.fileno()).get(0);
        assertEquals(4, filesIn(set).size(), "wake-up, live, stale, next");
        assertTrue(selector.selectNow().isEmpty(), "the next file is idle");
        assertEquals(3, filesIn(set).size(), "wake-up, live, next");
      }
    }
  }

  /** The numbers under which an epoll set holds files, in lines "tfd: number events: ...". */
  private static List<Integer> filesIn(int set) throws Exception {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/fdinfo", Integer.toString(set)))) {
      return lines
          .filter(line -> line.startsWith("tfd:"))
          .map(line -> Integer.valueOf(line.split("\\s+")[1]))
          .toList();
    }
  }

  @EveryMechanism
  void doNotEndTheSelectInProgress(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe kept = TestPipe.open();
        TestPipe idle = TestPipe.open();
        TestPipe live = TestPipe.open()) {
      SelectorKey key = selector.register(live.source, EVENT_READ);
      try (var blocked = SelectThread.startBlocked(selector::select)) {
        leaveStale(selector, kept, idle);
        kept.write();
        Thread.sleep(20);
        assertFalse(blocked.isDone(), "a stale event ended the select");
        try (TestPipe later = TestPipe.open()) {
          selector.register(later.source, EVENT_READ);
          selector.unregister(later.source);
        }
        live.write();
        assertEquals(List.of(new ReadyKey(key, EVENT_READ)), blocked.result());
      }
      live.read();
      assertWaitsOut(selector);
    }
  }

  @EveryMechanism
  void leaveWakeupAndFilenoAsTheyAre(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe kept = TestPipe.readable()) {
      int fileno = selector instanceof HasFileno kernels ? kernels.fileno() : -1;
      for (int round = 0; round < 20; round++) {
        leaveStale(selector, kept);
        try (var blocked = SelectThread.startBlocked(selector::select)) {
          selector.wakeup();
          assertTrue(blocked.result().isEmpty());
        }
      }
      if (selector instanceof HasFileno kernels) {
        assertEquals(fileno, kernels.fileno());
        assertEquals(TestLibrary.FD_CLOEXEC, TestLibrary.getFd(fileno));
      }
    }
  }

  /**
   * Whoever waits for the selector's own descriptor sees what is ready, once it is watched anew.
   */
  @EveryMechanism
  void doNotHideTheLiveFromWhoeverWatchesTheSelector(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe kept = TestPipe.readable();
        TestPipe live = TestPipe.open()) {
      if (selector instanceof EpollSelector epoll) {
        selector.register(live.source, EVENT_READ);
        leaveStale(selector, kept);
        assertTrue(selector.selectNow().isEmpty());
        assertEquals(0, TestLibrary.poll(epoll.fileno(), TestLibrary.POLLIN, 0));
        live.write();
        assertEquals(
            TestLibrary.POLLIN, TestLibrary.poll(epoll.fileno(), TestLibrary.POLLIN, 1000));
      }
      assertStillWorks(selector);
    }
  }

  /** Other registrations whose descriptors are lost, even to a file that epoll refuses, survive. */
  @EveryMechanism
  void goAwayBesideLostDescriptors(Mechanism mechanism, @TempDir Path folder) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe kept = TestPipe.readable();
        TestPipe live = TestPipe.readable();
        TestPipe lost = TestPipe.open();
        TestPipe replaced = TestPipe.open();
        OpenFile file = new OpenFile(Files.createFile(folder.resolve("file")))) {
      int stale = TestLibrary.check(TestLibrary.dup(kept.source));
      SelectorKey key = selector.register(live.source, EVENT_READ);
      selector.register(lost.source, EVENT_READ);
      selector.register(replaced.source, EVENT_READ);
      selector.register(stale, EVENT_READ);
      TestLibrary.check(TestLibrary.close(stale));
      lost.closeSource();
      TestLibrary.check(TestLibrary.dup2(file.fd(), replaced.source));
      selector.unregister(stale);
      for (int round = 0; round < 3; round++) {
        assertTrue(selector.selectNow().contains(new ReadyKey(key, EVENT_READ)));
      }
      assertEquals(3, selector.getMap().size());
      selector.unregister(lost.source);
      selector.unregister(replaced.source);
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
    }
  }

  @EveryMechanism
  void areDroppedWhenNoDescriptorIsLeftForANewSet(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe kept = TestPipe.readable();
        TestPipe live = TestPipe.open()) {
      SelectorKey key = selector.register(live.source, EVENT_READ);
      // Loads every class that takes part, while there are descriptors to load it with.
      leaveStale(selector, kept);
      assertIdle(selector);
      assertStillWorks(selector);
      int number = TestLibrary.check(TestLibrary.dup(kept.source));
      selector.register(number, EVENT_READ);
      try (ScarceDescriptors scarce = ScarceDescriptors.none()) {
        TestLibrary.check(TestLibrary.dup2(live.source, number));
        selector.unregister(number);
        // An epoll set tries to have a new one each millisecond.
        assertIdle(selector, mechanism == Mechanism.EPOLL ? 100 + 3 : 3);
        live.write();
        assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select());
        live.read();
        scarce.allow(1);
        assertIdle(selector);
        live.write();
        assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select());
      }
      TestLibrary.check(TestLibrary.close(number));
    }
  }

  private record OpenFile(int fd) implements AutoCloseable {
    OpenFile(Path path) {
      this(TestLibrary.check(TestLibrary.open(path.toString(), TestLibrary.O_RDONLY)));
    }

    @Override
    public void close() {
      TestLibrary.check(TestLibrary.close(fd));
    }
  }
}
