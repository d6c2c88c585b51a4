package io.github.selectors4j;

import java.io.IOException;

/** CPython's {@code PollSelectorTestCase}. */
@RequiresMechanism(Mechanism.POLL)
class PollSelectorTest extends ScalableSelectorTestCase {
  @Override
  BaseSelector open() throws IOException {
    return PollSelector.open();
  }
}
