package io.github.selectors4j.internal.selecting;

import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.internal.system.DescriptorSet;
import io.github.selectors4j.internal.system.DescriptorTable;
import io.github.selectors4j.internal.system.Descriptors;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
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
public final class Registrations {

  /** The generation of a selector's own wake-up descriptor, and of no registration. */
  public static final int NO_GENERATION = 0;

  private static final int INITIAL_CAPACITY = 64;

  /** Made for the first registration. */
  private @Nullable Table table;

  /** Of the descriptors that the table has no room for, see {@link DescriptorTable}; if any. */
  private volatile @Nullable ConcurrentSkipListMap<Integer, Sparse> sparse;

  /** Of the file objects that are no numbers, if there ever were any. */
  private @Nullable KeysByObject byObject;

  /** The descriptors that the selector made and closes, if there ever were any. */
  private @Nullable DescriptorSet owned;

  /** The numbers that are watched for other descriptors' keys, if there ever were any. */
  private volatile @Nullable Substitutes substitutes;

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

  private record Sparse(SelectorKey key, int generation) {}

  /** The generation of the newest registration. Without the lock. */
  public int newestGeneration() {
    return newestGeneration.get();
  }

  /** The next one's generation. */
  public int nextGeneration() {
    int next = newestGeneration.getPlain() + 1;
    newestGeneration.setRelease(next == NO_GENERATION ? next + 1 : next);
    return newestGeneration.getPlain();
  }

  /** The generation of a descriptor that is registered. */
  public int generation(int fd) {
    return isDense(fd) ? table().generations[fd] : Objects.requireNonNull(sparse(fd)).generation();
  }

  /** The key of a descriptor, or null. Without the lock: as it stands at some moment. */
  public @Nullable SelectorKey get(int fd) {
    VarHandle.acquireFence();
    Table table = this.table;
    SelectorKey key = table == null ? null : table.get(fd);
    if (key != null || isDense(fd)) {
      return key;
    }
    Sparse found = sparse(fd);
    return found == null ? null : found.key();
  }

  private @Nullable Sparse sparse(int fd) {
    ConcurrentSkipListMap<Integer, Sparse> sparse = this.sparse;
    return sparse == null ? null : sparse.get(fd);
  }

  /**
   * The key that a number is watched for: its own, unless another number takes its place, or else
   * one of which it takes the place; or null. Without the lock.
   */
  public @Nullable SelectorKey watching(int number) {
    SelectorKey key = get(number);
    Substitutes substitutes = this.substitutes;
    if (substitutes == null || (key != null && substitutes.number(number) == number)) {
      return key;
    }
    int fd = substitutes.descriptor(number);
    return fd == Substitutes.NONE ? null : get(fd);
  }

  /** The same, unless it is of another generation. For the selecting thread, without the lock. */
  public @Nullable SelectorKey watching(int number, int generation) {
    Table table = this.table;
    if (table != null) {
      SelectorKey key = table.get(number);
      if (key != null && table.generation(key) == generation) {
        return key;
      }
    }
    return isDense(number) && substitutes == null ? null : rarelyWatching(number, generation);
  }

  private @Nullable SelectorKey rarelyWatching(int number, int generation) {
    SelectorKey key = watching(number);
    return key != null && generationIfAny(key.fd()) == generation ? key : null;
  }

  /** The generation of a descriptor, or none if it has been unregistered. Without the lock. */
  private int generationIfAny(int fd) {
    if (isDense(fd)) {
      return table().generations[fd];
    }
    Sparse found = sparse(fd);
    return found == null ? NO_GENERATION : found.generation();
  }

  /** The same, unless it is of a newer generation. For the selecting thread, without the lock. */
  public @Nullable SelectorKey watchingUntil(int number, int generation) {
    Table table = this.table;
    if (table != null) {
      SelectorKey key = table.get(number);
      if (key != null) {
        return table.generation(key) - generation <= 0 ? key : null;
      }
    }
    return isDense(number) && substitutes == null ? null : rarelyWatchingUntil(number, generation);
  }

  private @Nullable SelectorKey rarelyWatchingUntil(int number, int generation) {
    SelectorKey key = watching(number);
    return key != null && generationIfAny(key.fd()) - generation <= 0 ? key : null;
  }

  /** The key that a number is registered or watched for, or null. */
  @Nullable SelectorKey taking(int number) {
    SelectorKey key = get(number);
    return key == null ? watching(number) : key;
  }

  /** From now on, a number is watched in place of a descriptor that has a key, or gets one next. */
  void watchInstead(int number, int fd) {
    if (substitutes == null) {
      substitutes = new Substitutes();
    }
    substitutes.put(number, fd);
  }

  /** The number that is watched for a descriptor's key. */
  public int watched(int fd) {
    Substitutes substitutes = this.substitutes;
    return substitutes == null ? fd : substitutes.number(fd);
  }

  /** From now on, a descriptor is watched itself; returns the number that was watched for it. */
  int watchItself(int fd) {
    Substitutes substitutes = this.substitutes;
    return substitutes == null ? fd : substitutes.remove(fd);
  }

  /** The key of this very object, or of the same number, or null. */
  @Nullable SelectorKey get(Object fileobj) {
    if (fileobj instanceof Integer fd) {
      return getNumber(fd);
    }
    return byObject == null ? null : byObject.get(fileobj);
  }

  /** The key of a file object that is this number, or null. Without the lock. */
  @Nullable SelectorKey getNumber(int fd) {
    SelectorKey key = get(fd);
    return key != null && key.fileobj() instanceof Integer ? key : null;
  }

  /** How many there are. Without the lock. */
  public int size() {
    return size.get();
  }

  /** The key of the lowest descriptor that is not below this one, or null. Without the lock. */
  @Nullable SelectorKey from(int lowest) {
    Table table = this.table;
    int length = table == null ? 0 : table.keys.length;
    for (int fd = lowest; fd < length; fd++) {
      SelectorKey key = get(fd);
      if (key != null) {
        return key;
      }
    }
    ConcurrentSkipListMap<Integer, Sparse> sparse = this.sparse;
    Map.Entry<Integer, Sparse> found = sparse == null ? null : sparse.ceilingEntry(lowest);
    return found == null ? null : found.getValue().key();
  }

  /**
   * Adds a key whose descriptor and file object have none.
   *
   * @param own whether the selector made the descriptor and closes it
   */
  void put(SelectorKey key, int generation, boolean own) {
    int fd = key.fd();
    if (isDense(fd)) {
      ensureCapacity(fd);
    }
    if (own) {
      if (owned == null) {
        owned = new DescriptorSet();
      }
      owned.add(fd);
    }
    replace(key, generation);
    size.setRelease(size.getPlain() + 1);
  }

  /** Puts a key in place of the one that its descriptor and its file object have. */
  public void replace(SelectorKey key, int generation) {
    int fd = key.fd();
    if (!(key.fileobj() instanceof Integer)) {
      if (byObject == null) {
        byObject = new KeysByObject();
      }
      byObject.put(key);
    }
    if (isDense(fd)) {
      Table table = table();
      table.generations[fd] = generation;
      table.set(fd, key);
    } else {
      if (sparse == null) {
        sparse = new ConcurrentSkipListMap<>();
      }
      sparse.put(fd, new Sparse(key, generation));
    }
  }

  /** Whether the selector made the descriptor. */
  public boolean isOwned(int fd) {
    return owned != null && owned.contains(fd);
  }

  /**
   * Removes a key; from now on it is not reported.
   *
   * @return whether its descriptor is to be closed
   */
  boolean remove(SelectorKey key) {
    int fd = key.fd();
    if (isDense(fd)) {
      table().set(fd, null);
    } else if (sparse != null) {
      sparse.remove(fd);
    }
    if (byObject != null && !(key.fileobj() instanceof Integer)) {
      byObject.remove(key);
    }
    size.setRelease(size.getPlain() - 1);
    return owned != null && owned.remove(fd);
  }

  /** Removes all, and closes the descriptors that the selector made. */
  void clear() {
    for (SelectorKey key : all()) {
      if (remove(key)) {
        Descriptors.close(key.fd());
      }
    }
  }

  /** All, in ascending order of their descriptors. */
  public List<SelectorKey> all() {
    List<SelectorKey> all = new ArrayList<>(size());
    for (SelectorKey key = from(0); key != null; key = after(key)) {
      all.add(key);
    }
    return all;
  }

  private @Nullable SelectorKey after(SelectorKey key) {
    return key.fd() == Integer.MAX_VALUE ? null : from(key.fd() + 1);
  }

  private static boolean isDense(int fd) {
    return fd < DescriptorTable.MOST_DENSE;
  }

  /** The table of those that are registered. */
  private Table table() {
    return Objects.requireNonNull(table);
  }

  private void ensureCapacity(int fd) {
    Table table = this.table;
    int length = table == null ? INITIAL_CAPACITY : table.keys.length;
    int capacity = fd < length ? length : DescriptorTable.capacity(fd, length);
    if (table == null) {
      this.table = new Table(new SelectorKey[capacity], new int[capacity]);
    } else if (capacity > length) {
      this.table =
          new Table(
              Arrays.copyOf(table.keys, capacity), Arrays.copyOf(table.generations, capacity));
    }
  }
}
