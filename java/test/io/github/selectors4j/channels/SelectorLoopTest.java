package io.github.selectors4j.channels;

import org.junit.jupiter.api.Tag;

/** What is asked of every loop, asked of a plain selector. */
@Tag("mechanism-independent")
class SelectorLoopTest extends LoopTestCase {
  SelectorLoopTest() {
    super(SelectorLoop.class);
  }
}
