package io.github.selectors4j.bench;

import java.io.Closeable;
import java.io.IOException;

/** A selector that a thread waits with, and another one wakes. */
public interface Wakeable extends Closeable {
  void await() throws IOException;

  void wake();
}
