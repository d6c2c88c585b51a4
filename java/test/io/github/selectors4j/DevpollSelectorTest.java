package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** CPython's {@code DevpollSelectorTestCase}. */
@RequiresMechanism(Mechanism.DEVPOLL)
class DevpollSelectorTest extends ScalableSelectorTestCase {
  @Override
  BaseSelector open() throws IOException {
    return DevpollSelector.open();
  }

  /** Also of the default, which has poll take what /dev/poll refuses. */
  @Test
  void aSelectorInItself() throws Exception {
    try (DevpollSelector own = DevpollSelector.open();
        BaseSelector selector = DefaultSelector.open()) {
      assertRefused(
          SystemCallException.class,
          () -> own.register(own, EVENT_READ),
          own,
          "a set can't watch itself");
      assertTrue(own.getMap().isEmpty());
      if (selector instanceof DevpollSelector) {
        assertRefused(
            SystemCallException.class,
            () -> selector.register(selector, EVENT_READ),
            "a set can't watch itself");
      }
    }
  }
}
