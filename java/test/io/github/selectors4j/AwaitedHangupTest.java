package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_HANGUP;
import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Timeout;

/** Who awaits the hang-up of a terminal beside others, who read and write it. */
@Timeout(60)
class AwaitedHangupTest extends DescriptorTestCase {

  private static final Duration LONG = Duration.ofSeconds(30);

  /** A terminal has no low-water mark, so that kqueue reports its input as well. */
  @EveryMechanismAndThread
  void inputOfATerminalIsNone(Mechanism mechanism, ThreadFactory kind) throws Exception {
    if (Set.of(Mechanism.SELECT, Mechanism.DEVPOLL).contains(mechanism)) {
      return;
    }
    Awaiter awaiter = addCleanup(Awaiter.open(mechanism));
    int[] ends = new int[2];
    TestLibrary.check(TestLibrary.openpty(ends));
    TestDescriptor master = addCleanup(new TestDescriptor(ends[0]));
    TestDescriptor terminal = addCleanup(new TestDescriptor(ends[1]));
    try (var waiting = AwaitThread.start(kind, awaiter, terminal, EVENT_HANGUP)) {
      for (int line = 0; line < 3; line++) {
        master.write("\n");
        assertEquals(EVENT_READ, awaiter.await(terminal, EVENT_READ, LONG));
        assertEquals(EVENT_WRITE, awaiter.await(terminal, EVENT_WRITE | EVENT_HANGUP, LONG));
        assertFalse(waiting.isDone());
      }
      assertEquals(1, awaiter.cancel(terminal));
      assertSame(AsynchronousCloseException.class, waiting.failure());
    }
    assertEquals(0, awaiter.await(terminal, EVENT_HANGUP, Duration.ofMillis(1)));
    assertEquals(EVENT_READ, awaiter.await(terminal, EVENT_READ, LONG));
    if (!Mechanisms.missesTheHangupOfATerminal(mechanism)) {
      try (var waiting = AwaitThread.start(kind, awaiter, terminal, EVENT_HANGUP)) {
        master.close();
        assertEquals(EVENT_HANGUP, waiting.result());
      }
    }
  }
}
