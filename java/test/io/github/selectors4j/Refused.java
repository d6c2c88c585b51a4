package io.github.selectors4j;

import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;

/** A call that has to fail in just one way. */
public final class Refused {
  private Refused() {}

  /** The call throws just this type, and the message names each of the objects. */
  public static <T extends Throwable> T assertRefused(
      Class<T> type, Executable call, Object... named) {
    T refusal = assertThrowsExactly(type, call);
    String message = String.valueOf(refusal.getMessage());
    for (Object object : named) {
      assertTrue(message.contains(object.toString()), () -> message + " does not name " + object);
    }
    return refusal;
  }
}
