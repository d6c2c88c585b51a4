package io.github.selectors4j.internal.awaiting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each message is taken once, by one thread at a time, and is found until it was. */
@Tag("mechanism-independent")
@Timeout(60)
class InboxTest {

  private static final int MESSAGES = 20_000;

  private final List<Message> taken = new ArrayList<>();

  private abstract class Taking extends Inbox {
    int settled;

    @Override
    void take(Message message) {
      taken.add(message);
    }

    @Override
    void settle() {
      settled++;
    }

    boolean has(Message wanted) {
      for (Message message = latest(); message != null; message = message.next) {
        if (message == wanted) {
          return true;
        }
      }
      return false;
    }
  }

  /** Or whoever cancels while a waiter changes its place would not find it. */
  @Test
  void aMessageIsFoundUntilAllAreTaken() {
    Message first = new Message.Removal();
    Message second = new Message.Removal();
    Message third = new Message.Removal();
    Taking inbox =
        new Taking() {
          @Override
          void take(Message message) {
            assertTrue(has(message));
            super.take(message);
            if (message == first) {
              assertTrue(has(second));
              send(third);
              assertTrue(has(first) && has(second) && has(third));
            }
          }
        };
    assertTrue(inbox.begin());
    inbox.send(first);
    inbox.send(second);
    assertEquals(List.of(), taken, "another one works");
    inbox.work();
    assertEquals(List.of(second, first, third), taken);
    assertNull(inbox.latest());
    assertNull(first.next);
    assertNull(third.next);
    assertTrue(inbox.begin(), "nobody works any more");
  }

  @Test
  void noneIsLostOrTakenTwiceWhenThreadsRace() throws Exception {
    AtomicInteger working = new AtomicInteger();
    Taking inbox =
        new Taking() {
          @Override
          void take(Message message) {
            assertEquals(1, working.incrementAndGet());
            super.take(message);
            working.decrementAndGet();
          }
        };
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread =
          new Thread(
              () -> {
                for (int sent = 0; sent < MESSAGES; sent++) {
                  inbox.send(new Message.Removal());
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertTrue(inbox.begin());
    assertEquals(4 * MESSAGES, taken.size());
    assertEquals(4 * MESSAGES, taken.stream().distinct().count());
    assertTrue(inbox.settled > 0);
  }

  /** As at the end of a stack: the number would be nobody's for ever. */
  @Test
  void whoComesNextGoesOnWithWhatAnErrorHasLeft() {
    Taking inbox =
        new Taking() {
          @Override
          void settle() {
            super.settle();
            if (settled == 1) {
              throw new StackOverflowError();
            }
          }
        };
    Message first = new Message.Removal();
    Message second = new Message.Removal();
    assertThrows(StackOverflowError.class, () -> inbox.send(first));
    assertFalse(inbox.begin(), "it is abandoned, not free");
    inbox.send(second);
    assertTrue(inbox.settled > 1);
    assertTrue(taken.containsAll(List.of(first, second)));
    assertNull(inbox.latest());
    assertTrue(inbox.begin(), "nobody works any more");
  }
}
