package io.github.selectors4j;

import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.SelectorProvider;

/** A channel that the JDK did not make, and of which it knows no descriptor. */
class ForeignChannel extends AbstractSelectableChannel {
  ForeignChannel() {
    super(SelectorProvider.provider());
  }

  @Override
  public int validOps() {
    return 0;
  }

  @Override
  protected void implCloseSelectableChannel() {}

  @Override
  protected void implConfigureBlocking(boolean block) {}
}
