package io.github.selectors4j.internal.selecting;

import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.ReadyKey;
import io.github.selectors4j.SelectorKey;
import java.io.IOException;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.RandomAccess;

/** What one select handed out, as a list. */
public final class ReadySnapshot implements ReadyHandler {

  private SelectorKey[] keys;
  private byte[] events;
  private int size;

  /** Has room for that many from the start. */
  ReadySnapshot(int capacity) {
    keys = new SelectorKey[capacity];
    events = new byte[capacity];
  }

  /**
   * What a select hands out.
   *
   * @param timeoutNanos negative waits for ever
   * @param capacity how many there may well be
   */
  public static ReadySnapshot of(SelectLoop loop, long timeoutNanos, int capacity)
      throws IOException {
    ReadySnapshot snapshot = new ReadySnapshot(capacity);
    loop.select(timeoutNanos, snapshot);
    return snapshot;
  }

  @Override
  public void ready(SelectorKey key, int events) {
    if (size == keys.length) {
      int capacity = size + size / 2 + 1;
      this.keys = Arrays.copyOf(this.keys, capacity);
      this.events = Arrays.copyOf(this.events, capacity);
    }
    this.keys[size] = key;
    this.events[size++] = (byte) events;
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** An unmodifiable list, made once all are there. */
  public List<ReadyKey> list() {
    return size == 0 ? Collections.emptyList() : new ReadyKeys(keys, events, size);
  }

  /**
   * Makes each pair when it is asked for: a loop over the list then needs none, as the compiler
   * sees that they do not outlive their turn.
   */
  private static final class ReadyKeys extends AbstractList<ReadyKey> implements RandomAccess {
    private final SelectorKey[] keys;
    private final byte[] events;
    private final int size;

    ReadyKeys(SelectorKey[] keys, byte[] events, int size) {
      this.keys = keys;
      this.events = events;
      this.size = size;
    }

    @Override
    public ReadyKey get(int index) {
      Objects.checkIndex(index, size);
      return new ReadyKey(keys[index], events[index]);
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public Iterator<ReadyKey> iterator() {
      return new Iterator<>() {
        private int next;

        @Override
        public boolean hasNext() {
          return next < size;
        }

        @Override
        public ReadyKey next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          return get(next++);
        }
      };
    }
  }
}
