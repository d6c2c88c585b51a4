package io.github.selectors4j.internal.awaiting;

import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.fileobject.FileObjects;
import io.github.selectors4j.internal.fileobject.ProcessStreams;
import io.github.selectors4j.internal.fileobject.Processes;
import io.github.selectors4j.internal.fileobject.Watched;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Processes and their streams, which are awaited by descriptors of the awaiter's own: one for each
 * object, from its first await to its last.
 */
final class OwnedDescriptors {

  /** How often a child's input is asked whether the JDK has closed it. */
  private static final long INPUT_NANOS = 50_000_000;

  private final Waiters waiters;
  private final ReentrantLock lock = new ReentrantLock();

  /** With the lock held. */
  private final Map<Object, Owned> owned = new HashMap<>();

  private static final class Owned {
    final int fd;
    int users;

    Owned(int fd) {
      this.fd = fd;
    }
  }

  /** By identity. */
  private record Identity(Object object) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Identity identity && identity.object == object;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(object);
    }
  }

  OwnedDescriptors(Waiters waiters) {
    this.waiters = waiters;
  }

  /** Whether a file object is awaited by another number than its own. */
  static boolean isOwned(Object fileobj) {
    return ProcessStreams.isInput(fileobj)
        || ProcessStreams.isOutput(fileobj)
        || Processes.isProcess(fileobj);
  }

  /** Handles are values. */
  private static Object key(Object fileobj) {
    return fileobj instanceof ProcessHandle ? fileobj : new Identity(fileobj);
  }

  /** See {@link Waiters#await(Object, int, long)}. */
  int await(Object fileobj, int events, long timeoutNanos)
      throws IOException, InterruptedException {
    if (ProcessStreams.isOutput(fileobj)) {
      return awaitInput(fileobj, events, timeoutNanos);
    }
    Owned descriptor = take(fileobj);
    try {
      return waiters.await(fileobj, descriptor.fd, events, timeoutNanos);
    } finally {
      giveBack(fileobj, descriptor);
    }
  }

  private Owned take(Object fileobj) throws IOException {
    Object key = key(fileobj);
    lock.lock();
    try {
      Owned there = owned.get(key);
      if (there == null) {
        there = new Owned(Watched.of(fileobj, () -> FileObjects.NONE).fd());
        owned.put(key, there);
      }
      there.users++;
      return there;
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(Object fileobj, Owned descriptor) {
    lock.lock();
    try {
      if (--descriptor.users > 0) {
        return;
      }
      owned.remove(key(fileobj));
    } finally {
      lock.unlock();
    }
    waiters.close(descriptor.fd);
  }

  /** The number by which an object is awaited; negative if it is not. */
  int find(Object fileobj) {
    lock.lock();
    try {
      Owned found = owned.get(key(fileobj));
      return found == null ? FileObjects.descriptorIfAny(fileobj) : found.fd;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The JDK closes the number of a child's input by itself when the child ends, and nothing tells
   * of it: from then on it is ready, for the next write tells the error.
   */
  private int awaitInput(Object fileobj, int events, long timeoutNanos)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeoutNanos;
    FileDescriptor source = ProcessStreams.outputDescriptor(fileobj);
    for (; ; ) {
      int number = source == null ? FileObjects.NONE : FileObjects.descriptorIfAny(source);
      if (source == null || number < 0) {
        return Events.masked(Events.ENDED, events);
      }
      long remaining = timeoutNanos < 0 ? Long.MAX_VALUE : deadline - System.nanoTime();
      try {
        long slice = timeoutNanos == 0 ? 0 : Math.min(Math.max(1, remaining), INPUT_NANOS);
        int ready = waiters.await(fileobj, number, events, slice);
        if (ready != 0 || timeoutNanos == 0) {
          return ready;
        }
      } catch (IOException e) {
        if (source.valid() || e instanceof AsynchronousCloseException) {
          throw e;
        }
      }
      if (timeoutNanos > 0 && deadline - System.nanoTime() <= 0) {
        return 0;
      }
    }
  }
}
