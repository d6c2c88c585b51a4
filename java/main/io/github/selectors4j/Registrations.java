package io.github.selectors4j;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A selector's keys, by descriptor without hashing, and by the identity of their file objects. A
 * registration lasts from {@code register} to {@code unregister}, and its <em>generation</em> tells
 * it from earlier ones of the same number. Whoever calls a method holds the selector's lock, unless
 * it says otherwise.
 *
 * <p>There is no object for a registration, only the key and the generation in arrays: a select
 * finds the caches full of the kernel's own data, so that each line that it touches costs. It reads
 * them without a fence, too: of what another thread has changed it can know only by an action that
 * orders what it reads from then on.
 */
final class Registrations {

  /** The generation of a selector's own wake-up descriptor, and of no registration. */
  static final int NO_GENERATION = 0;

  private static final int INITIAL_CAPACITY = 64;

  private Table table = new Table(new SelectorKey[INITIAL_CAPACITY], new int[INITIAL_CAPACITY]);
  private final IdentityHashMap<Object, SelectorKey> byObject = new IdentityHashMap<>();

  /** The descriptors that the selector made and closes. */
  private final BitSet owned = new BitSet();

  private final AtomicInteger size = new AtomicInteger();
  private final AtomicInteger newestGeneration = new AtomicInteger();

  /**
   * By descriptor. A generation is written before its key, and read after it: by an index that is
   * the key's own, so that no processor reads it before.
   */
  private static final class Table {
    final @Nullable SelectorKey[] keys;
    final int[] generations;

    Table(@Nullable SelectorKey[] keys, int[] generations) {
      this.keys = keys;
      this.generations = generations;
    }

    @Nullable SelectorKey get(int fd) {
      return fd >= 0 && fd < keys.length ? keys[fd] : null;
    }

    int generation(SelectorKey key) {
      return generations[key.fd()];
    }

    void set(int fd, @Nullable SelectorKey key) {
      VarHandle.releaseFence();
      keys[fd] = key;
    }
  }

  /** The generation of the newest registration. Without the lock. */
  int newestGeneration() {
    return newestGeneration.get();
  }

  /** The next one's generation. */
  int nextGeneration() {
    int next = newestGeneration.getPlain() + 1;
    newestGeneration.setRelease(next == NO_GENERATION ? next + 1 : next);
    return newestGeneration.getPlain();
  }

  /** The generation of a descriptor that is registered. */
  int generation(int fd) {
    return table.generations[fd];
  }

  /** The key of a descriptor, or null. Without the lock: as it stands at some moment. */
  @Nullable SelectorKey get(int fd) {
    VarHandle.acquireFence();
    return table.get(fd);
  }

  /** The same, unless it is of another generation. For the selecting thread, without the lock. */
  @Nullable SelectorKey get(int fd, int generation) {
    Table table = this.table;
    SelectorKey key = table.get(fd);
    return key != null && table.generation(key) == generation ? key : null;
  }

  /** The same, unless it is of a newer generation. For the selecting thread, without the lock. */
  @Nullable SelectorKey getUntil(int fd, int generation) {
    Table table = this.table;
    SelectorKey key = table.get(fd);
    return key != null && table.generation(key) - generation <= 0 ? key : null;
  }

  /** The key of this very object, or of the same number, or null. */
  @Nullable SelectorKey get(Object fileobj) {
    return fileobj instanceof Integer fd ? getNumber(fd) : byObject.get(fileobj);
  }

  /** The key of a file object that is this number, or null. Without the lock. */
  @Nullable SelectorKey getNumber(int fd) {
    SelectorKey key = get(fd);
    return key != null && key.fileobj() instanceof Integer ? key : null;
  }

  /** How many there are. Without the lock. */
  int size() {
    return size.get();
  }

  /** One more than the highest descriptor that there may be. Without the lock. */
  int limit() {
    return table.keys.length;
  }

  /**
   * Adds a key whose descriptor and file object have none.
   *
   * @param own whether the selector made the descriptor and closes it
   */
  void put(SelectorKey key, int generation, boolean own) {
    int fd = key.fd();
    ensureCapacity(fd);
    if (own) {
      owned.set(fd);
    }
    replace(key, generation);
    size.setRelease(size.getPlain() + 1);
  }

  /** Puts a key in place of the one that its descriptor and its file object have. */
  void replace(SelectorKey key, int generation) {
    table.generations[key.fd()] = generation;
    if (!(key.fileobj() instanceof Integer)) {
      byObject.put(key.fileobj(), key);
    }
    table.set(key.fd(), key);
  }

  /**
   * Removes a key; from now on it is not reported.
   *
   * @return whether its descriptor is to be closed
   */
  boolean remove(SelectorKey key) {
    int fd = key.fd();
    table.set(fd, null);
    if (!(key.fileobj() instanceof Integer)) {
      byObject.remove(key.fileobj());
    }
    size.setRelease(size.getPlain() - 1);
    boolean own = owned.get(fd);
    owned.clear(fd);
    return own;
  }

  /** All, in ascending order of their descriptors. */
  List<SelectorKey> all() {
    List<SelectorKey> all = new ArrayList<>(size());
    for (int fd = 0; fd < limit(); fd++) {
      SelectorKey key = get(fd);
      if (key != null) {
        all.add(key);
      }
    }
    return all;
  }

  private void ensureCapacity(int fd) {
    Table table = this.table;
    int length = table.keys.length;
    if (fd < length) {
      return;
    }
    int capacity = (int) Math.max(fd + 1L, Math.min(2L * length, Integer.MAX_VALUE - 8));
    this.table =
        new Table(Arrays.copyOf(table.keys, capacity), Arrays.copyOf(table.generations, capacity));
  }
}
