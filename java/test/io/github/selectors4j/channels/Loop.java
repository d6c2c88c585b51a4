package io.github.selectors4j.channels;

import java.io.IOException;
import java.nio.channels.SelectableChannel;

/** An event loop, with one thread, over a selector of the JDK's. */
public interface Loop extends AutoCloseable {

  /** What the loop's thread calls. */
  @FunctionalInterface
  interface Handler {
    void ready() throws Exception;
  }

  /**
   * Has the loop call the handler whenever the channel is ready.
   *
   * @return cancels that, in any thread
   */
  AutoCloseable watch(SelectableChannel channel, int ops, Handler handler) throws Exception;

  /** Has the loop's thread run this soon. */
  void execute(Runnable task);

  /** Ends the loop; returns when it has ended. */
  @Override
  void close() throws IOException;
}
