package io.github.selectors4j.bench.selector;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.bench.Contender;
import java.io.IOException;

/** {@code select(null, handler)}, which has keys ready. */
public final class SelectBlocking extends SelectorWait {

  public SelectBlocking(BaseSelector selector, Object[] fileobjs, int events, int ready)
      throws IOException {
    super(selector, fileobjs, events, ready);
  }

  @Override
  public long take(int turns) throws IOException {
    long found = 0;
    long start = System.nanoTime();
    for (int turn = 0; turn < turns; turn++) {
      found += selector.select(null, handler);
    }
    return Contender.elapsed(start, found, (long) turns * ready);
  }
}
