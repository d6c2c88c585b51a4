package io.github.selectors4j.internal.selecting;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Has {@code Thread.interrupt()} end a wait. {@code AbstractSelector} is the JDK's public way to be
 * told of it; nothing else of a {@code java.nio} selector is here.
 */
final class Interrupts extends AbstractSelector {

  private final SelectLoop loop;

  @SuppressWarnings("NullAway") // the provider is only ever handed back
  Interrupts(SelectLoop loop) {
    super((SelectorProvider) null);
    this.loop = loop;
  }

  /** From here on, and if the thread is interrupted already, an interrupt tells the loop. */
  void start() {
    begin();
  }

  /**
   * From here on it does not; but for an interrupt before, since JDK 21, it may still be to run.
   */
  void stop() {
    end();
  }

  @Override
  public Selector wakeup() {
    loop.interrupted();
    return this;
  }

  @Override
  protected void implCloseSelector() {}

  @Override
  protected SelectionKey register(
      AbstractSelectableChannel channel, int operations, @Nullable Object attachment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Set<SelectionKey> keys() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Set<SelectionKey> selectedKeys() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int selectNow() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int select(long timeout) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int select() {
    throw new UnsupportedOperationException();
  }
}
