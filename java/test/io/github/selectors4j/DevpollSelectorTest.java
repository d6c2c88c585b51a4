package io.github.selectors4j;

import java.io.IOException;

/** CPython's {@code DevpollSelectorTestCase}. */
@RequiresMechanism(Mechanism.DEVPOLL)
class DevpollSelectorTest extends ScalableSelectorTestCase {
  @Override
  BaseSelector open() throws IOException {
    return DevpollSelector.open();
  }
}
