package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_HANGUP;
import static io.github.selectors4j.BaseSelector.EVENT_PRIORITY;
import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.Elapsed.assertIdle;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.internal.fileobject.FileObjects;
import io.github.selectors4j.select.Poll;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The stdin of a child, whose descriptor the JDK closes by itself when the child ends. */
class ChildInputTest extends ChildTestCase {

  private static final byte[] PIECE = new byte[4096];
  private static final int CHILDREN = Integer.getInteger("selectors4j.test.children", 100);

  /** How long the end may take to be reported, and far more for a busy machine. */
  private static final Duration SOON = Duration.ofMillis(100 + 10_000);

  @EveryMechanism
  void noneOfManyGoesUnreported(Mechanism mechanism) throws Exception {
    int told = 0;
    try (BaseSelector selector = mechanism.open()) {
      for (int started = 0; started < CHILDREN; ) {
        Map<OutputStream, Process> batch = new HashMap<>();
        for (int i = 0; i < 20; i++, started++) {
          Process child = new ProcessBuilder("head", "-c", "20000").start();
          addCleanup(child.getInputStream());
          addCleanup(child.getErrorStream());
          batch.put(child.getOutputStream(), child);
          selector.register(child.getOutputStream(), EVENT_WRITE);
        }
        while (!batch.isEmpty()) {
          List<ReadyKey> ready = selector.select(LONG);
          assertTrue(!ready.isEmpty(), () -> "never reported: " + batch.values());
          for (ReadyKey each : ready) {
            OutputStream input = (OutputStream) each.key().fileobj();
            try {
              input.write(PIECE);
              input.flush();
            } catch (IOException broken) {
              selector.unregister(input);
              batch.remove(input).waitFor();
              told++;
            }
          }
        }
        doCleanups();
      }
    }
    assertEquals(CHILDREN, told);
  }

  /** The selector's own numbers are not looked at again for data alone. */
  @EveryMechanism
  void aChildsKeysAreReportedAsTheyStand(Mechanism mechanism) throws Exception {
    Process child = child("sh", "-c", "echo; exec cat");
    try (BaseSelector selector = mechanism.open()) {
      for (Object stream : List.of(child.getOutputStream(), child.getInputStream())) {
        int events = stream instanceof OutputStream ? EVENT_WRITE : EVENT_READ;
        SelectorKey key = selector.register(stream, events, "first");
        for (int round = 0; round < 3; round++) {
          assertEquals(List.of(new ReadyKey(key, events)), selector.select(LONG));
          key = selector.modify(stream, events, round);
        }
        selector.unregister(stream);
      }
    }
  }

  @EveryMechanism
  void isReportedSoonAfterTheEnd(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      Process child = full();
      OutputStream input = child.getOutputStream();
      SelectorKey key = selector.register(input, EVENT_WRITE);
      assertEquals(List.of(), selector.select(Duration.ofMillis(120)));
      child.destroyForcibly().waitFor();
      Elapsed elapsed = Elapsed.start();
      for (int again = 0; again < 3; again++) {
        assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), selector.select(SOON));
      }
      elapsed.assertWithin(SOON);
      assertThrows(IOException.class, () -> input.write(new byte[100_000]));
      assertSame(key, selector.unregister(input));
      assertEquals(List.of(), selector.selectNow());
    }
  }

  @EveryMechanism
  void isNotEvictedByTheNextOwnerOfTheNumber(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      Process child = full();
      OutputStream input = child.getOutputStream();
      int number = FileObjects.descriptor(input);
      SelectorKey key = selector.register(input, EVENT_WRITE);
      assertNotEquals(number, key.fd());
      assertSame(key, selector.getKey(key.fd()));
      end(child);
      try (TestPipe next = TestPipe.openAt(number)) {
        SelectorKey other = selector.register(number, EVENT_READ);
        assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), selector.select(SOON));
        next.write();
        assertEquals(2, selector.select(SOON).size());
        assertSame(key, selector.unregister(input));
        assertEquals(List.of(new ReadyKey(other, EVENT_READ)), selector.select(SOON));
        selector.unregister(number);
      }
    }
  }

  /** While it is open, its number is its own, however it is registered. */
  @EveryMechanism
  void itsNumberCantBeRegisteredBesideIt(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      OutputStream input = child("cat").getOutputStream();
      int number = FileObjects.descriptor(input);
      selector.register(input, EVENT_WRITE);
      assertThrows(IllegalStateException.class, () -> selector.register(number, EVENT_WRITE));
      selector.unregister(input);
      SelectorKey key = selector.register(number, EVENT_WRITE);
      assertThrows(IllegalStateException.class, () -> selector.register(input, EVENT_WRITE));
      assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), selector.selectNow());
      selector.unregister(number);
    }
  }

  @EveryMechanism
  void canBeRegisteredAfterTheEnd(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      Process child = full();
      OutputStream input = child.getOutputStream();
      end(child);
      SelectorKey key = selector.register(input, EVENT_WRITE, "data");
      assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), selector.selectNow());
      assertThrows(IllegalStateException.class, () -> selector.register(input, EVENT_WRITE));
      assertSame(key, selector.modify(input, EVENT_WRITE));
      selector.unregister(input);
      assertTrue(selector.getMap().isEmpty());
    }
  }

  @EveryMechanism
  void isReportedWhenItsUserClosesIt(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      Process child = child("cat");
      SelectorKey key = selector.register(child.getOutputStream(), EVENT_WRITE);
      assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), selector.selectNow());
      child.getOutputStream().close();
      assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), selector.select(SOON));
      assertTrue(child.waitFor(30, TimeUnit.SECONDS), "the child saw no end of its input");
    }
  }

  @EveryMechanism
  void canBeModifiedBeforeAndAfter(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      Process child = child("cat");
      OutputStream input = child.getOutputStream();
      int number = FileObjects.descriptor(input);
      selector.register(input, EVENT_READ);
      assertEquals(List.of(), selector.selectNow());
      SelectorKey writing = selector.modify(input, EVENT_WRITE);
      assertEquals(List.of(new ReadyKey(writing, EVENT_WRITE)), selector.selectNow());
      end(child);
      SelectorKey named = selector.modify(input, EVENT_WRITE, "named");
      assertEquals(List.of(new ReadyKey(named, EVENT_WRITE)), selector.select(SOON));
    }
  }

  /** Which a kqueue tells by refusing to watch it for writing. */
  @EveryMechanism
  void isReportedWhenTheChildClosesItAndLivesOn(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      for (int before : new int[] {EVENT_WRITE, EVENT_READ}) {
        Process child = child("sh", "-c", "exec <&-; echo closed; exec sleep 1000");
        OutputStream input = child.getOutputStream();
        if (before == EVENT_READ) {
          selector.register(input, EVENT_READ);
        }
        assertEquals('c', child.getInputStream().read());
        SelectorKey key =
            before == EVENT_READ
                ? selector.modify(input, EVENT_WRITE)
                : selector.register(input, EVENT_WRITE);
        for (int again = 0; again < 2; again++) {
          assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), selector.select(SOON));
        }
        child.destroyForcibly().waitFor();
        assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), selector.select(SOON));
        assertSame(key, selector.unregister(input));
        assertEquals(List.of(), selector.selectNow());
      }
    }
  }

  /** Whichever set of a default selector has it: that one forgets the number. */
  @Test
  void itsNumberIsFreeInEachSetAfterTheEnd() throws Exception {
    try (BaseSelector selector = DefaultSelector.open()) {
      Process child = full();
      OutputStream input = child.getOutputStream();
      int number = FileObjects.descriptor(input);
      SelectorKey key = selector.register(input, EVENT_WRITE | EVENT_PRIORITY);
      assertEquals(List.of(), selector.selectNow());
      end(child);
      try (TestPipe next = TestPipe.openAt(number)) {
        assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), selector.select(SOON));
        selector.register(number, EVENT_READ);
        selector.unregister(input);
        next.write();
        assertEquals(1, selector.select(SOON).size());
        selector.unregister(number);
        assertIdle(selector);
        if (selector instanceof KqueueSelector kqueue) {
          assertEquals(0, TestLibrary.poll(kqueue.fileno(), Poll.POLLIN, 0));
        }
      }
    }
  }

  /** The end is an error as on any pipe, where a mechanism can tell. */
  @EveryMechanism
  void itsEndIsAHangup(Mechanism mechanism) throws Exception {
    if (mechanism == Mechanism.SELECT) {
      return;
    }
    try (BaseSelector selector = mechanism.open()) {
      Process child = full();
      SelectorKey key = selector.register(child.getOutputStream(), EVENT_HANGUP);
      assertEquals(List.of(), selector.selectNow());
      child.destroyForcibly().waitFor();
      assertEquals(List.of(new ReadyKey(key, EVENT_HANGUP)), selector.select(SOON));
    }
  }

  /** A select that waits already learns of what another thread registers. */
  @EveryMechanism
  void isReportedToASelectInProgress(Mechanism mechanism) throws Exception {
    for (int round = 0; round < 5; round++) {
      try (BaseSelector selector = mechanism.open()) {
        Process child = full();
        try (var blocked = SelectThread.startBlocked(selector::select)) {
          SelectorKey key = selector.register(child.getOutputStream(), EVENT_WRITE);
          child.destroyForcibly().waitFor();
          assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), blocked.result());
        }
      }
    }
  }

  @EveryMechanism
  void manyAtOnceEndInAnyOrder(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      List<Process> children = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        children.add(full());
        selector.register(children.get(i).getOutputStream(), EVENT_WRITE);
      }
      for (int i = 0; i < 10; i += 2) {
        selector.unregister(children.get(i).getOutputStream());
      }
      for (Process child : children) {
        child.destroy();
        child.waitFor();
      }
      int[] reported = new int[1];
      for (long end = System.nanoTime() + LONG.toNanos();
          reported[0] < 5 && System.nanoTime() < end; ) {
        selector.select(
            SOON,
            (key, events) -> {
              reported[0]++;
              selector.unregister(key.fileobj());
            });
      }
      assertEquals(5, reported[0]);
      assertTrue(selector.getMap().isEmpty());
    }
  }

  /** Ends a child, and returns once the JDK has closed its input. */
  private static void end(Process child) throws Exception {
    child.destroyForcibly().waitFor();
    child.onExit().get();
    awaitClosed(child.getOutputStream());
  }
}
