package io.github.selectors4j.bench.selector;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.bench.Contender;
import io.github.selectors4j.bench.Wakeable;
import java.io.IOException;

/** {@code wakeup}: of another thread, or of the same one, whose next select then does not wait. */
public final class Wakeup implements Wakeable, Contender {

  private final BaseSelector selector;

  public Wakeup(BaseSelector selector) {
    this.selector = selector;
  }

  @Override
  public void await() throws IOException {
    selector.select(null, (key, events) -> {});
  }

  @Override
  public void wake() {
    selector.wakeup();
  }

  @Override
  public long take(int turns) throws IOException {
    long start = System.nanoTime();
    for (int turn = 0; turn < turns; turn++) {
      wake();
      await();
    }
    return System.nanoTime() - start;
  }

  @Override
  public void close() {
    selector.close();
  }
}
