package io.github.selectors4j.frameworks;

import io.github.selectors4j.channels.LoopTestCase;

/** What is asked of every loop, asked of Netty 4.2's. */
class InNetty extends LoopTestCase {
  InNetty() {
    super(NettyLoop.class);
  }
}
