package io.github.selectors4j.internal.awaiting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.HasFileno;
import java.nio.channels.AsynchronousCloseException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who comes while another thread works on a number is there for all who look for him. */
@Tag("mechanism-independent")
class EntryTest {

  private static final int FD = 1000;

  /** Of nothing: no thread comes to the end of its work here. */
  private final Entry entry = new Entry(null, null, FD);

  private final HasFileno closed = () -> -1;
  private final HasFileno open = () -> FD;

  private Waiter added(Object fileobj) {
    Waiter waiter = new Waiter(fileobj, FD, BaseSelector.EVENT_READ, null);
    entry.add(waiter);
    assertEquals(waiter, entry.latest());
    return waiter;
  }

  @Test
  void whatIsClosedMakesWayBeforeItIsTaken() {
    assertTrue(entry.begin());
    Waiter other = added(open);
    Waiter waiter = added(closed);
    entry.cancelClosed(closed);
    assertTrue(waiter.isWaiting(), "for the same object");
    entry.cancelClosed(FD);
    assertThrows(AsynchronousCloseException.class, () -> waiter.result(false));
    assertTrue(other.isWaiting());
  }

  @Test
  void whoIsNotTakenYetIsFoundAndCancelled() {
    assertTrue(entry.begin());
    Waiter other = added(FD);
    Waiter waiter = added(open);
    assertTrue(entry.isAwaited(open));
    assertFalse(entry.isAwaited(closed));
    entry.cancel(open);
    assertThrows(AsynchronousCloseException.class, () -> waiter.result(false));
    assertFalse(entry.isAwaited(open));
    assertEquals(1, entry.cancel());
    assertThrows(AsynchronousCloseException.class, () -> other.result(false));
  }
}
