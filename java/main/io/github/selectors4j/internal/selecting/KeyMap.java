package io.github.selectors4j.internal.selecting;

import io.github.selectors4j.SelectorKey;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A selector's keys by descriptor: live, in ascending order and weakly consistent. */
public final class KeyMap extends AbstractMap<Integer, SelectorKey> {

  private final Registrar registrar;
  private final Registrations registrations;

  /** The keys of these registrations, found by that registrar. */
  public KeyMap(Registrar registrar, Registrations registrations) {
    this.registrar = registrar;
    this.registrations = registrations;
  }

  @Override
  public @Nullable SelectorKey get(@Nullable Object fileobj) {
    return registrar.find(Objects.requireNonNull(fileobj, "fileobj"));
  }

  @Override
  public boolean containsKey(@Nullable Object fileobj) {
    return get(fileobj) != null;
  }

  @Override
  public int size() {
    return registrations.size();
  }

  @Override
  public Set<Map.Entry<Integer, SelectorKey>> entrySet() {
    return new Entries();
  }

  private final class Entries extends AbstractSet<Map.Entry<Integer, SelectorKey>> {
    @Override
    public Iterator<Map.Entry<Integer, SelectorKey>> iterator() {
      return new EntryIterator(registrations);
    }

    @Override
    public int size() {
      return KeyMap.this.size();
    }
  }

  private static final class EntryIterator implements Iterator<Map.Entry<Integer, SelectorKey>> {
    private final Registrations registrations;
    private long fd;
    private @Nullable SelectorKey next;

    EntryIterator(Registrations registrations) {
      this.registrations = registrations;
    }

    @Override
    public boolean hasNext() {
      if (next == null && fd <= Integer.MAX_VALUE) {
        next = registrations.from((int) fd);
        fd = next == null ? Long.MAX_VALUE : next.fd() + 1L;
      }
      return next != null;
    }

    @Override
    public Map.Entry<Integer, SelectorKey> next() {
      if (!hasNext() || next == null) {
        throw new NoSuchElementException();
      }
      SelectorKey key = next;
      next = null;
      return Map.entry(key.fd(), key);
    }
  }
}
