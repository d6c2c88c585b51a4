package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_PRIORITY;
import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Which keys an epoll selector asks for by poll. There is one thing that tells: poll reports a
 * number that was closed behind its back, and epoll forgets it.
 */
@Tag("mechanism-independent")
@RequiresMechanism(Mechanism.EPOLL)
class AdaptiveEpollTest extends DescriptorTestCase {

  private static final String PROPERTY = "selectors4j.adaptive";

  /** How many keys, and how many waits in a row that find them ready, are worth a promotion. */
  private static final int FEWEST = 16;

  private static final int WINDOW = 8;

  private static final int FIRST = TestPipe.UNUSED;
  private static final int NUMBER = TestPipe.UNUSED;
  private static final Duration LONG = Duration.ofSeconds(20);

  /** As many keys that stay ready, and a wait that is worth it, in each way of waiting. */
  @Test
  void manyKeysThatStayReadyArePolled() throws IOException {
    assertEquals(FEWEST, polledAfter(open("true"), FEWEST, WINDOW));
    assertEquals(FEWEST, polledAfter(open(null), FEWEST, WINDOW));
    assertEquals(FEWEST, polledAfter(open("true", DefaultSelector::open), FEWEST, WINDOW));
  }

  @Test
  void fewKeysAreNot() throws IOException {
    assertEquals(0, polledAfter(open("true"), FEWEST - 1, 10 * WINDOW));
  }

  @Test
  void keysThatHaveBeenReadyAFewTimesAreNot() throws IOException {
    assertEquals(0, polledAfter(open("true"), FEWEST, WINDOW - 1));
  }

  /** Each wait that finds something finds all, but there is one in between that finds nothing. */
  @Test
  void keysThatAreDrainedAreNot() throws IOException {
    BaseSelector selector = open("true");
    List<TestPipe> pipes = new ArrayList<>();
    try {
      for (int i = 0; i < FEWEST; i++) {
        pipes.add(TestPipe.openAt(FIRST + i));
        selector.register(FIRST + i, EVENT_READ);
      }
      for (int i = 0; i < 2 * WINDOW; i++) {
        pipes.forEach(TestPipe::write);
        assertEquals(FEWEST, selector.selectNow().size());
        pipes.forEach(TestPipe::read);
        assertEquals(List.of(), selector.selectNow());
      }
      pipes.forEach(TestPipe::closeSource);
      assertEquals(List.of(), selector.selectNow());
    } finally {
      pipes.forEach(TestPipe::close);
    }
  }

  @Test
  void noKeyIsOnceItIsSwitchedOff() throws IOException {
    assertEquals(0, polledAfter(open("false"), FEWEST, 10 * WINDOW));
  }

  @Test
  void eachKeyIsAtOnceForTests() throws IOException {
    assertEquals(1, polledAfter(open("eager"), 1, 1));
  }

  @Test
  void whatTheSwitchCantBeIsRefused() {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> open("no"));
    assertTrue(refusal.getMessage().contains("-D" + PROPERTY + "=no"), refusal::getMessage);
  }

  /** A key that was drained goes back, so that a wait for it is one of epoll. */
  @Test
  void aKeyThatIsDrainedGoesBack() throws IOException {
    BaseSelector selector = open("eager");
    try (TestPipe pipe = TestPipe.openAt(NUMBER)) {
      pipe.write();
      SelectorKey key = selector.register(NUMBER, EVENT_READ);
      List<ReadyKey> ready = List.of(new ReadyKey(key, EVENT_READ));
      assertEquals(ready, selector.selectNow());
      pipe.read();
      assertEquals(List.of(), selector.selectNow());
      pipe.write();
      assertEquals(ready, selector.select(LONG));
    }
  }

  @Test
  void aKeyThatIsPolledIsReportedAsItStands() throws IOException {
    BaseSelector selector = open("eager");
    try (TestPipe pipe = TestPipe.openAt(NUMBER)) {
      pipe.write();
      for (int round = 0; round < 3; round++) {
        SelectorKey key =
            round == 0
                ? selector.register(NUMBER, EVENT_READ, round)
                : selector.modify(NUMBER, EVENT_READ, round);
        assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
      }
    }
  }

  /** A select that blocks when its key becomes ready again hears of it. */
  @Test
  void aWaitThatBlocksHearsOfKeysThatWerePolled() throws Exception {
    BaseSelector selector = open("eager");
    try (TestPipe pipe = TestPipe.openAt(NUMBER)) {
      pipe.write();
      SelectorKey key = selector.register(NUMBER, EVENT_READ);
      List<ReadyKey> ready = List.of(new ReadyKey(key, EVENT_READ));
      assertEquals(ready, selector.selectNow());
      pipe.read();
      try (SelectThread<List<ReadyKey>> select =
          SelectThread.startBlocked(() -> selector.select(LONG))) {
        pipe.write();
        assertEquals(ready, select.result());
      }
    }
  }

  /** Whoever watches the selector hears of all its keys, those that were polled and those after. */
  @Test
  void whoWatchesTheSelectorHearsOfAll() throws IOException {
    EpollSelector selector = (EpollSelector) open("eager");
    try (TestPipe pipe = TestPipe.openAt(NUMBER)) {
      pipe.write();
      SelectorKey key = selector.register(NUMBER, EVENT_READ);
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
      int fileno = selector.fileno();
      assertTrue(isReadable(fileno));
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
      assertTrue(isReadable(fileno));
      pipe.read();
      assertFalse(isReadable(fileno));
      pipe.closeSource();
      assertEquals(List.of(), selector.selectNow());
    }
  }

  /** What polls it may take its event away, or its number may be another's at any time. */
  @Test
  void otherKindsAreNeverPolled() throws IOException {
    int[] terminal = new int[2];
    TestLibrary.check(TestLibrary.openpty(terminal));
    TestLibrary.check(TestLibrary.close(terminal[1]));
    int[] others = {TestLibrary.check(TestLibrary.eventfd(1)), terminal[0]};
    for (int other : others) {
      BaseSelector selector = open("eager");
      TestDescriptor moved = new TestDescriptor(other).moveTo(NUMBER);
      selector.register(NUMBER, EVENT_READ);
      assertEquals(1, selector.selectNow().size());
      moved.close();
      assertEquals(List.of(), selector.selectNow());
    }
  }

  @Test
  void keysForPriorityAreNeverPolled() throws IOException {
    BaseSelector selector = open("eager");
    try (TestPipe pipe = TestPipe.openAt(NUMBER)) {
      pipe.write();
      SelectorKey key = selector.register(NUMBER, EVENT_READ | EVENT_PRIORITY);
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
      pipe.closeSource();
      assertEquals(List.of(), selector.selectNow());
    }
  }

  /** A hang-up is told once by a select, though the kernel's set tells it, too. */
  @Test
  void anEndIsToldOnce() throws IOException {
    BaseSelector selector = open("eager");
    TestDescriptor.Pair other = makePipe();
    selector.register(other.rd(), EVENT_READ);
    try (TestPipe pipe = TestPipe.openAt(NUMBER)) {
      pipe.write();
      SelectorKey key = selector.register(NUMBER, EVENT_READ);
      for (int i = 0; i < 5; i++) {
        assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
        if (i == 1) {
          pipe.closeSink();
        }
      }
    }
  }

  /** A handler's change counts for a key that was found by poll, and is not told twice. */
  @Test
  void aChangeDuringThePassCounts() throws IOException {
    BaseSelector selector = open("eager");
    TestDescriptor.Pair sockets = makeSocketPair();
    TestDescriptor.Pair others = makeSocketPair();
    sockets.rd().write("x");
    sockets.wr().write("x");
    for (TestDescriptor each : List.of(sockets.rd(), sockets.wr())) {
      selector.register(each, EVENT_READ | EVENT_WRITE);
    }
    selector.register(others.rd(), EVENT_READ);
    selector.selectNow();
    List<Integer> told = new ArrayList<>();
    selector.selectNow(
        (key, events) -> {
          told.add(events);
          selector.modify(sockets.rd(), EVENT_READ);
          selector.modify(sockets.wr(), EVENT_READ);
        });
    assertEquals(List.of(EVENT_READ | EVENT_WRITE, EVENT_READ), told);
    assertEquals(2, selector.selectNow().size());
  }

  @FunctionalInterface
  interface Opening {
    BaseSelector open() throws IOException;
  }

  private BaseSelector open(@Nullable String setting) throws IOException {
    return open(setting, EpollSelector::open);
  }

  private BaseSelector open(@Nullable String setting, Opening opening) throws IOException {
    return addCleanup(openWith(setting, opening));
  }

  /** A selector that is opened with that value of the property. */
  static BaseSelector openWith(@Nullable String setting, Opening opening) throws IOException {
    String before = System.getProperty(PROPERTY);
    set(setting);
    try {
      return opening.open();
    } finally {
      set(before);
    }
  }

  private static void set(@Nullable String setting) {
    if (setting == null) {
      System.clearProperty(PROPERTY);
    } else {
      System.setProperty(PROPERTY, setting);
    }
  }

  /** So many keys, after so many waits that found them ready: how many are asked for by poll. */
  private static int polledAfter(BaseSelector selector, int keys, int waits) throws IOException {
    List<TestPipe> pipes = new ArrayList<>();
    try {
      for (int i = 0; i < keys; i++) {
        TestPipe pipe = TestPipe.openAt(FIRST + i);
        pipes.add(pipe);
        pipe.write();
        selector.register(FIRST + i, EVENT_READ);
      }
      for (int i = 0; i < waits; i++) {
        assertEquals(keys, selector.selectNow().size());
      }
      pipes.forEach(TestPipe::closeSource);
      return selector.selectNow().size();
    } finally {
      selector.close();
      pipes.forEach(TestPipe::close);
    }
  }

  private static boolean isReadable(int fd) {
    return TestLibrary.poll(fd, TestLibrary.POLLIN, 0) != 0;
  }
}
