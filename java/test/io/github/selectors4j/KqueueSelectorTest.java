package io.github.selectors4j;

import java.io.IOException;

/** CPython's {@code KqueueSelectorTestCase}. */
@RequiresMechanism(Mechanism.KQUEUE)
class KqueueSelectorTest extends ScalableSelectorTestCase {
  @Override
  BaseSelector open() throws IOException {
    return KqueueSelector.open();
  }
}
