package io.github.selectors4j.bench.selector;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.bench.Contender;
import java.io.IOException;

/** {@code register} and {@code unregister}. */
public final class Register implements Contender {

  private final BaseSelector selector;
  private final Object[] fileobjs;

  public Register(BaseSelector selector, Object[] fileobjs) {
    this.selector = selector;
    this.fileobjs = fileobjs;
  }

  @Override
  public long take(int turns) throws IOException {
    long start = System.nanoTime();
    for (int turn = 0, i = 0; turn < turns; turn++) {
      selector.register(fileobjs[i], BaseSelector.EVENT_READ);
      selector.unregister(fileobjs[i]);
      i = i + 1 < fileobjs.length ? i + 1 : 0;
    }
    return System.nanoTime() - start;
  }

  @Override
  public void close() {
    selector.close();
  }
}
