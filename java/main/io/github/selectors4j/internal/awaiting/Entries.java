package io.github.selectors4j.internal.awaiting;

import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One object for each number that was ever asked for. By index, in blocks that stay where they are,
 * so that nobody needs a lock; the numbers of Windows, which may be any, are hashed.
 */
final class Entries {

  private static final int BLOCK = 1 << 10;
  private static final int MOST_DENSE = 1 << 20;

  private final AtomicReferenceArray<@Nullable AtomicReferenceArray<@Nullable Entry>> blocks =
      new AtomicReferenceArray<>(MOST_DENSE / BLOCK);
  private final ConcurrentHashMap<Integer, Entry> sparse = new ConcurrentHashMap<>();

  /** The entry of a number; null if there is none yet. */
  @Nullable Entry get(int fd) {
    if (fd >= MOST_DENSE) {
      return sparse.get(fd);
    }
    AtomicReferenceArray<@Nullable Entry> block = fd < 0 ? null : blocks.get(fd / BLOCK);
    return block == null ? null : block.get(fd % BLOCK);
  }

  /** The entry of a number, which from now on has one. */
  Entry getOrMake(int fd, IntFunction<Entry> maker) {
    if (fd >= MOST_DENSE) {
      return sparse.computeIfAbsent(fd, maker::apply);
    }
    AtomicReferenceArray<@Nullable Entry> block = blocks.get(fd / BLOCK);
    if (block == null) {
      blocks.compareAndSet(fd / BLOCK, null, new AtomicReferenceArray<>(BLOCK));
      block = blocks.get(fd / BLOCK);
    }
    Entry made = maker.apply(fd);
    Entry there = block.compareAndExchange(fd % BLOCK, null, made);
    return there == null ? made : there;
  }

  /** Hands out all that there are. */
  void forEach(Consumer<Entry> consumer) {
    for (int i = 0; i < blocks.length(); i++) {
      AtomicReferenceArray<@Nullable Entry> block = blocks.get(i);
      for (int j = 0; block != null && j < BLOCK; j++) {
        Entry entry = block.get(j);
        if (entry != null) {
          consumer.accept(entry);
        }
      }
    }
    for (Iterator<Entry> entries = sparse.values().iterator(); entries.hasNext(); ) {
      consumer.accept(entries.next());
    }
  }
}
