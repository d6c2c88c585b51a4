package io.github.selectors4j.internal.awaiting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.system.Errno;
import java.nio.channels.AsynchronousCloseException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One that serves a number's next wait has nothing of the one before. */
@Tag("mechanism-independent")
class WaiterTest {

  private final Waiter waiter = new Waiter("one", 5, Events.READ, null);

  @Test
  void hasOneOutcome() throws Exception {
    assertTrue(waiter.isWaiting());
    assertTrue(waiter.end(Events.READ));
    assertFalse(waiter.end(Waiter.CANCELLED));
    assertFalse(waiter.isWaiting());
    assertEquals(Events.READ, waiter.result(false));
  }

  @Test
  void whoHasSeenItsWaitBeforeDoesNotEndTheNext() {
    long seen = waiter.state();
    waiter.end(Events.READ);
    waiter.release();
    assertTrue(waiter.isFree());
    waiter.serve("another", Events.WRITE);
    assertFalse(waiter.end(seen, Waiter.CANCELLED));
    assertTrue(waiter.isWaiting());
    assertTrue(waiter.awaits("another"));
    assertTrue(waiter.end(waiter.state(), Waiter.CANCELLED));
    assertThrows(AsynchronousCloseException.class, () -> waiter.result(false));
  }

  @Test
  void isNotFreeBeforeTheWorkerHasLetItGo() {
    waiter.end(Events.READ);
    assertFalse(waiter.isFree(), "the worker is about to");
    waiter.isLinked = true;
    waiter.release();
    assertFalse(waiter.isFree(), "it is among those that wait");
  }

  @Test
  void isNotFreeWhenAnotherHasEndedIt() {
    waiter.end(waiter.state(), Waiter.CANCELLED);
    waiter.unpark();
    assertFalse(waiter.isFree());
  }

  @Test
  void keepsNothingOfItsWait() {
    waiter.reason = new Reason(Errno.exception("poll()", Errno.EBADF), null, true);
    waiter.end(Waiter.FAILED);
    waiter.release();
    assertTrue(waiter.isFree());
    waiter.forget();
    assertNull(waiter.reason);
    assertFalse(waiter.toString().contains("one"), waiter.toString());
    waiter.unpark();
  }
}
