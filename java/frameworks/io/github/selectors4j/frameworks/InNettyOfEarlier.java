package io.github.selectors4j.frameworks;

import io.github.selectors4j.channels.LoopTestCase;

/** What is asked of every loop, asked of Netty 4.1's. */
class InNettyOfEarlier extends LoopTestCase {
  InNettyOfEarlier() {
    super(NettyTaskLoop.class);
  }
}
