package io.github.selectors4j.frameworks;

import io.github.selectors4j.channels.LoopTestCase;

/** What is asked of every loop, asked of that of Vert.x 5. */
class InVertx extends LoopTestCase {
  InVertx() {
    super(VertxLoop.class);
  }
}
