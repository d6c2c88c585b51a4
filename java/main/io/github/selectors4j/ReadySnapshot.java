package io.github.selectors4j;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** What one select handed out, as a list. */
final class ReadySnapshot implements ReadyHandler {

  private ReadyKey[] keys;
  private int size;

  /** Has room for that many from the start. */
  ReadySnapshot(int capacity) {
    keys = new ReadyKey[capacity];
  }

  @Override
  public void ready(SelectorKey key, int events) {
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, size + size / 2 + 1);
    }
    keys[size++] = new ReadyKey(key, events);
  }

  int size() {
    return size;
  }

  /** An unmodifiable list, made once all are there. */
  List<ReadyKey> list() {
    if (size == 0) {
      return Collections.emptyList();
    }
    return Collections.unmodifiableList(
        Arrays.asList(size == keys.length ? keys : Arrays.copyOf(keys, size)));
  }
}
