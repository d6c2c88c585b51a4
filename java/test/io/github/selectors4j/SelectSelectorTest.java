package io.github.selectors4j;

import java.io.IOException;

/** CPython's {@code SelectSelectorTestCase}. */
@RequiresMechanism(Mechanism.SELECT)
class SelectSelectorTest extends ScalableSelectorTestCase {
  @Override
  BaseSelector open() throws IOException {
    return SelectSelector.open();
  }
}
