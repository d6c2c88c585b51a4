package io.github.selectors4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** CPython's {@code DefaultSelectorTestCase}. */
class DefaultSelectorTest extends SelectorTestCase {
  @Override
  BaseSelector open() throws IOException {
    return DefaultSelector.open();
  }

  @Test
  void isTheBest() throws IOException {
    assertEquals(Mechanism.best(), makeSelector().mechanism());
  }
}
