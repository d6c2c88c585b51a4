package io.github.selectors4j.bench;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.ReadyKey;
import io.github.selectors4j.SelectorKey;
import java.io.IOException;

/** A selector of this library. */
abstract class SelectorWait implements Contender {

  final BaseSelector selector;
  final int ready;

  /** One handler for all, as a program has it. */
  final Summing handler = new Summing();

  /** Registers the pipes. */
  SelectorWait(BaseSelector selector, Pipes pipes, int ready) throws IOException {
    this.selector = selector;
    this.ready = ready;
    for (Integer fd : pipes.boxedReadEnds()) {
      selector.register(fd, BaseSelector.EVENT_READ, handler);
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

  /** {@code selectNow(handler)}. */
  static final class Now extends SelectorWait {
    Now(BaseSelector selector, Pipes pipes, int ready) throws IOException {
      super(selector, pipes, ready);
    }

    @Override
    public long take(int turns) throws IOException {
      long found = 0;
      long start = System.nanoTime();
      for (int turn = 0; turn < turns; turn++) {
        found += selector.selectNow(handler);
      }
      return Contender.elapsed(start, found, (long) turns * ready);
    }
  }

  /** {@code select(null, handler)}, which has keys ready. */
  static final class Blocking extends SelectorWait {
    Blocking(BaseSelector selector, Pipes pipes, int ready) throws IOException {
      super(selector, pipes, ready);
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

  /** {@code selectNow()}, which returns a list. */
  static final class Listing extends SelectorWait {
    Listing(BaseSelector selector, Pipes pipes, int ready) throws IOException {
      super(selector, pipes, ready);
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
}
