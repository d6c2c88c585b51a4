package io.github.selectors4j.internal.awaiting;

import io.github.selectors4j.internal.fileobject.FileObjects;
import io.github.selectors4j.internal.fileobject.ProcessStreams;
import io.github.selectors4j.internal.fileobject.Processes;
import io.github.selectors4j.internal.fileobject.Watched;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Processes and their streams, which are awaited by descriptors of the awaiter's own: one for each
 * object, from its first await to its last.
 */
final class OwnedDescriptors {

  private final Waiters waiters;
  private final AwaitedInputs inputs;
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
    inputs = new AwaitedInputs(waiters);
  }

  /** Nobody waits any more. */
  void close() {
    inputs.close();
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
      return inputs.await(fileobj, events, timeoutNanos);
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
        there = new Owned(Watched.of(fileobj).fd());
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
}
