package io.github.selectors4j.bench.selector;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.bench.Contender;
import java.io.IOException;

/** Waits that find some of what is registered ready. */
abstract class SelectorWait implements Contender {

  final BaseSelector selector;
  final int ready;

  /** One handler for all, as a program has it. */
  final Summing handler = new Summing();

  /** Registers all for these events. */
  SelectorWait(BaseSelector selector, Object[] fileobjs, int events, int ready) throws IOException {
    this.selector = selector;
    this.ready = ready;
    for (Object fileobj : fileobjs) {
      selector.register(fileobj, events, handler);
    }
  }

  @Override
  public void close() {
    selector.close();
  }

  /** What is done with a key. */
  static final class Summing implements ReadyHandler {
    private long sum;

    @Override
    public void ready(SelectorKey key, int events) {
      sum += key.fd() + events;
    }
  }
}
