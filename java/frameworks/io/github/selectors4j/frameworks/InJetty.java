package io.github.selectors4j.frameworks;

import io.github.selectors4j.channels.LoopTestCase;

/** What is asked of every loop, asked of that of Jetty 12. */
class InJetty extends LoopTestCase {
  InJetty() {
    super(JettyLoop.class);
  }
}
