package io.github.selectors4j.internal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Timeouts are rounded up, and saturate. */
class TimeoutsTest {

  @Test
  void nanosecondsOfADuration() {
    assertEquals(-1, Timeouts.nanos(null));
    assertEquals(0, Timeouts.nanos(Duration.ZERO));
    assertEquals(0, Timeouts.nanos(Duration.ofNanos(-1)));
    assertEquals(0, Timeouts.nanos(Duration.ofSeconds(Long.MIN_VALUE)));
    assertEquals(1, Timeouts.nanos(Duration.ofNanos(1)));
    assertEquals(1_500_000, Timeouts.nanos(Duration.ofNanos(1_500_000)));
    assertEquals(Long.MAX_VALUE, Timeouts.nanos(Duration.ofNanos(Long.MAX_VALUE)));
    assertEquals(Long.MAX_VALUE, Timeouts.nanos(Duration.ofNanos(Long.MAX_VALUE).plusNanos(1)));
    assertEquals(Long.MAX_VALUE, Timeouts.nanos(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)));
  }

  @Test
  void millisecondsAreRoundedUpAndFitAnInt() {
    assertEquals(-1, Timeouts.millis(-1));
    assertEquals(-1, Timeouts.millis(Long.MIN_VALUE));
    assertEquals(0, Timeouts.millis(0));
    assertEquals(1, Timeouts.millis(1));
    assertEquals(1, Timeouts.millis(1_000_000));
    assertEquals(2, Timeouts.millis(1_000_001));
    assertEquals(1_000_000_000, Timeouts.millis(Timeouts.LONGEST_WAIT));
  }

  @Test
  void wholeMillisecondsSayItExactly() {
    assertTrue(Timeouts.isWholeMillis(-1));
    assertTrue(Timeouts.isWholeMillis(0));
    assertTrue(Timeouts.isWholeMillis(5_000_000));
    assertFalse(Timeouts.isWholeMillis(1));
    assertFalse(Timeouts.isWholeMillis(5_000_001));
    assertFalse(Timeouts.isWholeMillis(999_999));
  }
}
