package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_HANGUP;
import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.internal.sets.OneShotSet;
import io.github.selectors4j.internal.sets.OneShots;
import io.github.selectors4j.select.Poll;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a queue reports an awaiter's poller, a wait at a time. */
@RequiresMechanism(Mechanism.KQUEUE)
class OneShotKqueueTest extends DescriptorTestCase {

  private static final long SHORT = Duration.ofMillis(20).toNanos();
  private static final long LONG = Duration.ofSeconds(30).toNanos();

  private OneShotSet set;

  @BeforeEach
  void open() throws Exception {
    set = OneShots.open(Mechanism.KQUEUE);
  }

  @AfterEach
  void close() {
    set.close();
  }

  /** Nor has a terminal a low-water mark: what nobody reads must not end one wait after another. */
  @Test
  void inputIsNoHangupOfATerminalAgainAndAgain() throws Exception {
    int[] terminal = new int[2];
    TestLibrary.check(TestLibrary.openpty(terminal));
    TestDescriptor master = addCleanup(new TestDescriptor(terminal[0]));
    int fd = addCleanup(new TestDescriptor(terminal[1])).fileno();
    int generation = 1;
    set.arm(fd, generation, 0, EVENT_HANGUP);
    assertEquals(List.of(), await(SHORT));
    for (int line = 0; line < 3; line++) {
      TestLibrary.write(master.fileno(), (byte) '\n');
      while (TestLibrary.available(fd) <= line) {
        Thread.onSpinWait(); // A terminal's input comes some time after it was written.
      }
      long patience = line == 0 ? LONG : SHORT;
      for (int reports = 0; !await(patience).isEmpty(); reports++) {
        patience = SHORT;
        assertTrue(reports < 4, "the same input is reported again and again");
        assertTrue(set.rearm(fd, ++generation, EVENT_HANGUP, EVENT_HANGUP));
      }
    }
    assertTrue(set.staysOn(fd));
    assertTrue(set.arm(fd, ++generation, EVENT_HANGUP, EVENT_READ));
    assertFalse(set.staysOn(fd));
    assertEquals(List.of(fd + ": 1 of " + generation), await(LONG));
    assertEquals(List.of(), await(SHORT), "it is switched off");
    int known = EVENT_HANGUP | EVENT_READ;
    assertTrue(set.arm(fd, ++generation, known, EVENT_HANGUP));
    assertEquals(1, await(LONG).size());
    assertTrue(set.rearm(fd, ++generation, known, EVENT_HANGUP));
    await(SHORT);
    if (!Mechanisms.missesTheHangupOfATerminal(Mechanism.KQUEUE)) {
      master.close();
      assertEquals(List.of(fd + ": 9 of " + generation), await(LONG));
    }
    set.remove(fd, known);
    assertFalse(set.staysOn(fd));
    assertEquals(List.of(), await(SHORT));
  }

  /** The other one has no filter that stays on, and none to take away. */
  @Test
  void aHangupIsToldOfWhatATerminalsNumberNamesSince() throws Exception {
    int[] terminal = new int[2];
    TestLibrary.check(TestLibrary.openpty(terminal));
    addCleanup(new TestDescriptor(terminal[0]));
    int fd = addCleanup(new TestDescriptor(terminal[1])).fileno();
    set.arm(fd, 1, 0, EVENT_HANGUP);
    assertTrue(set.rearm(fd, 2, EVENT_HANGUP, EVENT_HANGUP));
    assertTrue(set.staysOn(fd));
    TestDescriptor.Pair pair = makeSocketPair();
    TestLibrary.check(TestLibrary.dup2(pair.rd().fileno(), fd));
    assertFalse(set.arm(fd, 3, EVENT_HANGUP, EVENT_WRITE));
    assertFalse(set.staysOn(fd));
    assertEquals(List.of(fd + ": 2 of 3"), await(LONG));
    int known = EVENT_HANGUP | EVENT_WRITE;
    assertTrue(set.arm(fd, 4, EVENT_WRITE, known));
    assertEquals(List.of(fd + ": 2 of 4"), await(LONG));
    assertTrue(set.rearm(fd, 5, known, EVENT_HANGUP));
    TestLibrary.check(TestLibrary.shutdown(pair.wr().fileno(), TestLibrary.SHUT_WR));
    assertTrue(await(LONG).get(0).startsWith(fd + ": 9 of "), "whichever it was armed with");
  }

  @Test
  void aWriterIsToldBesideAHangupThatStaysOn() throws Exception {
    TestDescriptor.Pair pair = makeSocketPair();
    int fd = pair.rd().fileno();
    set.arm(fd, 1, 0, EVENT_HANGUP | EVENT_WRITE);
    assertEquals(List.of(fd + ": 2 of 1"), await(LONG));
    int known = EVENT_HANGUP | EVENT_WRITE;
    assertTrue(set.rearm(fd, 2, known, EVENT_HANGUP | EVENT_WRITE));
    assertEquals(List.of(fd + ": 2 of 2"), await(LONG));
    assertTrue(set.rearm(fd, 3, known, EVENT_HANGUP | EVENT_WRITE));
    assertEquals(List.of(fd + ": 2 of 3"), await(LONG));
    TestLibrary.check(TestLibrary.shutdown(pair.wr().fileno(), TestLibrary.SHUT_WR));
    assertTrue(await(LONG).get(0).startsWith(fd + ": 9 of "), "whichever it was armed with");
  }

  /** Who asks whether the number still names the file leaves its filter as it was armed. */
  @Test
  void toAskForTheFileTakesNoReportFromOthers() throws Exception {
    TestDescriptor.Pair pair = makeSocketPair();
    int fd = pair.rd().fileno();
    set.arm(fd, 7, 0, EVENT_READ);
    pair.wr().write("x");
    assertTrue(set.names(fd, 7, EVENT_READ));
    assertEquals(List.of(fd + ": 1 of 7"), await(LONG));
  }

  /** It is switched off since its report: to ask by it for the file would switch it on again. */
  @Test
  void inputThatNobodyWaitsForAnyMoreIsNotReportedAgain() throws Exception {
    TestDescriptor.Pair pair = makeSocketPair();
    int fd = pair.rd().fileno();
    byte[] piece = new byte[4096];
    while (TestLibrary.poll(fd, Poll.POLLOUT, 0) == Poll.POLLOUT) {
      TestLibrary.write(fd, piece);
    }
    int known = EVENT_READ | EVENT_WRITE;
    set.arm(fd, 1, 0, known);
    pair.wr().write("x");
    assertEquals(List.of(fd + ": 1 of 1"), await(LONG));
    assertTrue(set.rearm(fd, 2, known, EVENT_WRITE));
    assertEquals(List.of(), await(SHORT));
    assertTrue(set.arm(fd, 3, known, EVENT_WRITE));
    assertEquals(List.of(), await(SHORT));
  }

  /** Or who has come since the one of them was armed would not be told of the other. */
  @Test
  void whatIsReportedTogetherHasTheLatestGeneration() throws Exception {
    for (int latest : new int[] {EVENT_READ, EVENT_WRITE}) {
      TestDescriptor.Pair pair = makeSocketPair();
      int fd = pair.rd().fileno();
      byte[] piece = new byte[4096];
      while (TestLibrary.poll(fd, Poll.POLLOUT, 0) == Poll.POLLOUT) {
        TestLibrary.write(fd, piece);
      }
      int both = EVENT_READ | EVENT_WRITE;
      set.arm(fd, 1, 0, both);
      assertTrue(set.arm(fd, 2, both, latest));
      pair.wr().close();
      List<String> reports = await(LONG);
      assertEquals(1, reports.size());
      assertTrue(reports.get(0).endsWith(" of 2"), reports::toString);
    }
  }

  private List<String> await(long timeoutNanos) throws Exception {
    int count = set.await(timeoutNanos);
    assertTrue(count >= 0, () -> "errno " + -count);
    List<String> reports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      reports.add(set.fd(i) + ": " + set.found(i) + " of " + set.generation(i));
    }
    return reports;
  }
}
