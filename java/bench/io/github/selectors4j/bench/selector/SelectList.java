package io.github.selectors4j.bench.selector;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.ReadyKey;
import io.github.selectors4j.bench.Contender;
import java.io.IOException;

/** {@code selectNow()}, which returns a list. */
public final class SelectList extends SelectorWait {

  public SelectList(BaseSelector selector, Object[] fileobjs, int events, int ready)
      throws IOException {
    super(selector, fileobjs, events, ready);
  }

  @Override
  public long take(int turns) throws IOException {
    long found = 0;
    long start = System.nanoTime();
    for (int turn = 0; turn < turns; turn++) {
      for (ReadyKey readyKey : selector.selectNow()) {
        handler.ready(readyKey.key(), readyKey.events());
        found++;
      }
    }
    return Contender.elapsed(start, found, (long) turns * ready);
  }
}
