package io.github.selectors4j.internal.selecting;

import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.fileobject.FileObjects;
import io.github.selectors4j.internal.fileobject.ProcessStreams;
import io.github.selectors4j.internal.fileobject.Watched;
import io.github.selectors4j.internal.system.Descriptors;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Registers, modifies and unregisters.
 *
 * <p>Methods of file objects and attachments belong to others: they are called without the lock,
 * and what they said counts only if, with the lock held, nothing has changed since.
 */
public final class Registrar {

  private final InterestSet set;
  private final SelectLoop loop;
  private final Registrations registrations;

  /** Of a loop's set. */
  public Registrar(SelectLoop loop) {
    this.loop = loop;
    set = loop.set;
    registrations = loop.registrations;
  }

  /** See {@code BaseSelector}; so are the next ones. */
  public SelectorKey register(Object fileobj, int events, @Nullable Object data)
      throws IOException {
    Objects.requireNonNull(fileobj, "fileobj");
    loop.requireOpen();
    Refusals.checkEvents(fileobj, events);
    Refusals.checkSupported(fileobj, events, set);
    Watched watched = watched(fileobj);
    int fd = watched.fd();
    SelectorKey key = new SelectorKey(fileobj, fd, events, data);
    try {
      insert(key, watched);
      return key;
    } catch (SystemCallException e) {
      closeIf(watched.isOwned(), fd);
      throw Refusals.explained(e, fileobj, fd, set);
    } catch (Throwable t) {
      closeIf(watched.isOwned(), fd);
      throw t;
    }
  }

  /**
   * Changes events and data.
   *
   * @param keepData whether to keep the data that is there instead
   */
  public SelectorKey modify(Object fileobj, int events, @Nullable Object data, boolean keepData)
      throws IOException {
    Objects.requireNonNull(fileobj, "fileobj");
    loop.requireOpen();
    Refusals.checkEvents(fileobj, events);
    Refusals.checkSupported(fileobj, events, set);
    SelectorKey changed = tryModify(fileobj, null, events, data, keepData);
    while (changed == null) {
      SelectorKey found = Lookup.byObjectOrDescriptor(loop, fileobj);
      boolean keep = keepData || Objects.equals(found.data(), data);
      changed = tryModify(fileobj, found, events, data, keep);
    }
    return changed;
  }

  public SelectorKey unregister(Object fileobj) {
    Objects.requireNonNull(fileobj, "fileobj");
    loop.requireOpen();
    for (SelectorKey found = null; ; found = Lookup.registered(loop, fileobj)) {
      SelectorKey discarded = tryDiscard(fileobj, found);
      if (discarded != null) {
        return discarded;
      }
    }
  }

  public SelectorKey getKey(Object fileobj) {
    Objects.requireNonNull(fileobj, "fileobj");
    loop.requireOpen();
    return Lookup.registered(loop, fileobj);
  }

  public @Nullable SelectorKey find(Object fileobj) {
    return Lookup.find(loop, fileobj);
  }

  /** A child's input is watched through a placeholder, see {@link ChildInputs}. */
  private Watched watched(Object fileobj) throws IOException {
    if (!ProcessStreams.isOutput(fileobj)) {
      return Watched.of(fileobj);
    }
    FileDescriptor source = ProcessStreams.outputDescriptor(fileobj);
    return new Watched(set.openPlaceholder(), true, source);
  }

  private void insert(SelectorKey key, Watched watched) throws IOException {
    SelectorKey closed = null;
    for (; ; ) {
      SelectorKey other = tryInsert(key, watched, closed);
      if (other == null) {
        return;
      }
      if (!FileObjects.isClosed(other.fileobj())) {
        throw Refusals.alreadyRegistered(key, other);
      }
      closed = other;
    }
  }

  /**
   * Inserts a key unless another one is in its place.
   *
   * @param closed one that is known to be closed, and makes way
   * @return the other one, or null when the key was inserted
   */
  private @Nullable SelectorKey tryInsert(
      SelectorKey key, Watched watched, @Nullable SelectorKey closed) throws SystemCallException {
    loop.lock.lock();
    try {
      loop.requireOpen();
      if (closed != null && isCurrent(closed)) {
        discard(closed);
      }
      SelectorKey conflict = conflict(key, watched);
      if (conflict != null) {
        return conflict;
      }
      add(key, watched);
      return null;
    } finally {
      loop.lock.unlock();
    }
  }

  /** The key that has this object already, or its number, or that of a child's input. */
  private @Nullable SelectorKey conflict(SelectorKey key, Watched watched) {
    SelectorKey same = registrations.get(key.fileobj());
    if (same != null) {
      return same;
    }
    FileDescriptor source = watched.source();
    int number = source == null ? key.fd() : FileObjects.descriptorIfAny(source);
    SelectorKey other = registrations.taking(number);
    if (other == null) {
      return null;
    }
    ChildInputs inputs = loop.inputsOf(other);
    return inputs != null && inputs.isOver(other) ? registrations.taking(number) : other;
  }

  private void add(SelectorKey key, Watched watched) throws SystemCallException {
    int fd = key.fd();
    int generation = registrations.nextGeneration();
    loop.changing();
    FileDescriptor source = watched.source();
    int number = source == null ? FileObjects.NONE : FileObjects.descriptorIfAny(source);
    if (source == null || number < 0) {
      set.add(fd, generation, key.events());
    } else {
      loop.inputs().add(key, source, number, generation);
      loop.again();
    }
    try {
      registrations.put(key, generation, watched.isOwned());
    } catch (Throwable t) {
      remove(key);
      throw t;
    }
  }

  /**
   * Puts a key with these events in place of the current one.
   *
   * @param found the key, or null if nobody has looked it up and compared its data yet
   * @param keep whether to keep the data that is there instead
   * @return null when the key is not {@link #current}, or its data has to be compared
   */
  private @Nullable SelectorKey tryModify(
      Object fileobj, @Nullable SelectorKey found, int events, @Nullable Object data, boolean keep)
      throws SystemCallException {
    SelectorKey key = null;
    try {
      loop.lock.lock();
      try {
        loop.requireOpen();
        key = current(fileobj, found);
        if (key == null) {
          return null;
        }
        Refusals.checkEvents(key.fileobj(), events);
        boolean same = key.events() == events;
        boolean sameData = keep || key.data() == data;
        if (same && !sameData && found == null) {
          return null;
        }
        SelectorKey changed =
            same && sameData
                ? key
                : new SelectorKey(key.fileobj(), key.fd(), events, sameData ? key.data() : data);
        replace(key, changed);
        return changed;
      } finally {
        loop.lock.unlock();
      }
    } catch (SystemCallException e) {
      SelectorKey refused = Objects.requireNonNull(key);
      throw Refusals.explained(e, refused.fileobj(), refused.fd(), set);
    }
  }

  /** Puts a key in place of the current one; when the system refuses, both are gone. */
  private void replace(SelectorKey key, SelectorKey changed) throws SystemCallException {
    int fd = key.fd();
    int generation = registrations.generation(fd);
    // Nobody else can have made a number of the selector's own name another file.
    if (changed.events() != key.events() || !registrations.isOwned(fd)) {
      loop.changing();
      try {
        generation = change(key, generation, changed.events());
      } catch (Throwable t) {
        discard(key);
        throw t;
      }
    }
    registrations.replace(changed, generation);
  }

  /** Removes the current key, and returns it; null when that is not {@link #current}. */
  private @Nullable SelectorKey tryDiscard(Object fileobj, @Nullable SelectorKey found) {
    loop.lock.lock();
    try {
      loop.requireOpen();
      SelectorKey key = current(fileobj, found);
      if (key != null) {
        discard(key);
      }
      return key;
    } finally {
      loop.lock.unlock();
    }
  }

  /**
   * The key that was found, or null when it is not current any more; before one was, the key of
   * this very object, or number, or null.
   */
  private @Nullable SelectorKey current(Object fileobj, @Nullable SelectorKey found) {
    if (found == null) {
      return registrations.get(fileobj);
    }
    return isCurrent(found) ? found : null;
  }

  private void discard(SelectorKey key) {
    loop.changing();
    boolean owned = registrations.remove(key);
    remove(key);
    closeIf(owned, key.fd());
  }

  private int change(SelectorKey key, int generation, int events) throws SystemCallException {
    ChildInputs inputs = loop.inputsOf(key);
    return inputs == null
        ? set.change(key.fd(), generation, key.events(), events)
        : inputs.change(key, generation, events);
  }

  private void remove(SelectorKey key) {
    ChildInputs inputs = loop.inputsOf(key);
    if (inputs == null) {
      set.remove(key.fd(), key.events());
    } else {
      inputs.remove(key);
    }
  }

  @SuppressWarnings("ReferenceEquality") // it is the very key that is current, or it is not
  private boolean isCurrent(SelectorKey key) {
    return registrations.get(key.fd()) == key;
  }

  private static void closeIf(boolean owned, int fd) {
    if (owned) {
      Descriptors.close(fd);
    }
  }
}
