package io.github.selectors4j.bench.selector;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.ReadyHandler;
import java.io.IOException;
import java.util.function.IntConsumer;

/** {@code selectNow(handler)} with a handler that reads all that there is. */
public final class SelectDrained extends SelectorWait {

  private final ReadyHandler reading;
  private final Runnable refill;

  /**
   * A contender.
   *
   * @param drain reads what there is of a descriptor
   * @param refill makes as many ready as are to be: that is not measured
   */
  public SelectDrained(
      BaseSelector selector,
      Object[] fileobjs,
      int events,
      int ready,
      IntConsumer drain,
      Runnable refill)
      throws IOException {
    super(selector, fileobjs, events, ready);
    reading =
        (key, found) -> {
          handler.ready(key, found);
          drain.accept(key.fd());
        };
    this.refill = refill;
  }

  @Override
  public long take(int turns) throws IOException {
    long found = 0;
    long elapsed = 0;
    for (int turn = 0; turn < turns; turn++) {
      refill.run();
      long start = System.nanoTime();
      found += selector.selectNow(reading);
      elapsed += System.nanoTime() - start;
    }
    return found == (long) turns * ready ? elapsed : -1;
  }
}
