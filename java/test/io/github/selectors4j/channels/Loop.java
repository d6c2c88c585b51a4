package io.github.selectors4j.channels;

import java.io.IOException;
import java.nio.channels.SelectableChannel;

/** An event loop, with one thread, over a selector of the JDK's. */
public interface Loop extends AutoCloseable {

  /**
   * Has the loop's thread run this whenever the channel is ready.
   *
   * @return cancels that, in any thread
   */
  AutoCloseable watch(SelectableChannel channel, int ops, Runnable whenReady) throws Exception;

  /** Has the loop's thread run this soon. */
  void execute(Runnable task);

  /** Ends the loop; returns when it has ended. */
  @Override
  void close() throws IOException;
}
