package io.github.selectors4j.bench.selector;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.bench.Contender;
import java.io.IOException;

/** {@code modify}, to reading and writing or to reading alone. */
public final class Modify implements Contender {

  private final BaseSelector selector;
  private final Object[] fileobjs;
  private int events = BaseSelector.EVENT_READ;

  public Modify(BaseSelector selector, Object[] fileobjs) throws IOException {
    this.selector = selector;
    this.fileobjs = fileobjs;
    for (Object fileobj : fileobjs) {
      selector.register(fileobj, events);
    }
  }

  @Override
  public long take(int turns) throws IOException {
    long start = System.nanoTime();
    for (int turn = 0, i = 0; turn < turns; turn++) {
      if (i == 0) {
        events ^= BaseSelector.EVENT_WRITE;
      }
      selector.modify(fileobjs[i], events);
      i = i + 1 < fileobjs.length ? i + 1 : 0;
    }
    long elapsed = System.nanoTime() - start;
    for (Object fileobj : fileobjs) {
      selector.modify(fileobj, events);
    }
    return elapsed;
  }

  @Override
  public void close() {
    selector.close();
  }
}
