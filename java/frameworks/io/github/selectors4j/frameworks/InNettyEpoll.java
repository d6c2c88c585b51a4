package io.github.selectors4j.frameworks;

/** A selector in Netty's native loop. */
class InNettyEpoll extends OuterLoopTestCase {
  InNettyEpoll() {
    super(new NettyEpollLoop());
  }
}
