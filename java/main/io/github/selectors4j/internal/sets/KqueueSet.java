package io.github.selectors4j.internal.sets;

import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.selecting.InterestSet;
import io.github.selectors4j.internal.selecting.Registrations;
import io.github.selectors4j.internal.selecting.SelectLoop;
import io.github.selectors4j.internal.system.DescriptorSet;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.KqueueShim;
import io.github.selectors4j.internal.system.KqueueShim.Kevents;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** kqueue(2), on macOS and the BSDs. */
public final class KqueueSet implements InterestSet {

  private static final int EVFILT_READ = KqueueShim.value("EVFILT_READ");
  private static final int EVFILT_WRITE = KqueueShim.value("EVFILT_WRITE");
  private static final int EV_ADD = KqueueShim.value("EV_ADD");
  private static final int EV_DELETE = KqueueShim.value("EV_DELETE");
  private static final int EV_ERROR = KqueueShim.value("EV_ERROR");

  /** Has each change answer, and nothing else; not every system has it. */
  private static final int EV_RECEIPT = KqueueShim.value("EV_RECEIPT");

  private static final int INITIAL_CAPACITY = 256;

  private final SelectLoop loop;
  private final Registrations registrations;
  private final int set;

  // Both filters' changes, and the kernel's answers. With the lock held.
  private final Kevents changes = new Kevents(2);
  private final Kevents answers = new Kevents(2);

  /** The numbers under which the queue may hold a filter that could not be removed. The same. */
  private final DescriptorSet unremoved = new DescriptorSet();

  // For the selecting thread only.
  private Kevents events = new Kevents(INITIAL_CAPACITY);
  private final ReadyList ready;

  /**
   * Opens a queue.
   *
   * @throws UnsupportedOperationException when the platform lacks kqueue
   * @throws SystemCallException when the system refuses, as for want of descriptors
   */
  public KqueueSet(SelectLoop loop) throws SystemCallException {
    this.loop = loop;
    registrations = loop.registrations;
    ready = new ReadyList(registrations);
    set = KqueueShim.open();
  }

  @Override
  public int fileno() {
    return set;
  }

  @Override
  public void close() {
    Descriptors.close(set);
  }

  @Override
  public void add(int fd, int generation, int events) throws SystemCallException {
    change(fd, generation, 0, events);
  }

  @Override
  public void change(int fd, int generation, int from, int to) throws SystemCallException {
    // What is watched already is added again: it is gone if the number names another file by now.
    int error = control(fd, generation, from & ~to, to);
    if (error != 0) {
      // The other filter may have been added, but not if the descriptor is closed.
      if (Descriptors.isOpen(fd)) {
        remove(fd, to);
      }
      throw Errno.exception("kevent(ADD, fd " + fd + ")", error);
    }
  }

  /** A filter whose descriptor was closed is gone already. */
  @Override
  public void remove(int fd, int events) {
    control(fd, Registrations.NO_GENERATION, events, 0);
  }

  @Override
  public boolean waitSeesChanges() {
    return true;
  }

  @Override
  public @Nullable String advice(int errno, int fd) {
    // NetBSD says EBADF for want of a reader.
    if (errno == Errno.EPIPE || (errno == Errno.EBADF && Descriptors.isOpen(fd))) {
      return "its reader is gone: a write fails at once";
    }
    return errno == Errno.EINVAL || errno == Errno.ENODEV || errno == Errno.EPERM
        ? "kqueue can't watch this device, nor can poll on macOS: use a SelectSelector"
        : null;
  }

  @Override
  public int await(long timeoutNanos) {
    return KqueueShim.control(set, events, 0, events, events.capacity(), timeoutNanos);
  }

  @Override
  public String waitCall() {
    return "kevent(fd " + set + ")";
  }

  @Override
  public boolean outgrown(int found) {
    if (found < events.capacity()) {
      return false;
    }
    events = new Kevents(2 * events.capacity());
    return true;
  }

  /** Reading and writing are events of their own: they are brought together first. */
  @Override
  public int handOut(int found, ReadyHandler handler) throws IOException {
    for (int i = 0; i < found; i++) {
      int fd = (int) events.ident(i);
      int generation = (int) events.udata(i);
      int event = events.filter(i) == EVFILT_WRITE ? Events.WRITE : Events.READ;
      SelectorKey key = registrations.get(fd, generation);
      if (key != null && (key.events() & event) != 0) {
        ready.add(fd, generation, event);
      } else if (generation != Registrations.NO_GENERATION) {
        removeStale(fd);
      }
    }
    return ready.handOut(handler, loop);
  }

  /** A filter whose removal failed would end every wait. */
  private void removeStale(int fd) {
    loop.lock.lock();
    try {
      if (unremoved.remove(fd)) {
        SelectorKey key = registrations.get(fd);
        remove(fd, key == null ? Events.ALL : Events.ALL & ~key.events());
      }
    } finally {
      loop.lock.unlock();
    }
  }

  /**
   * Removes and adds filters in one call, with room for an answer to each, so that one that fails
   * does not keep the other from being applied.
   *
   * @return the first error of an addition, or 0
   */
  private int control(int fd, int generation, int removed, int added) {
    int count = 0;
    for (int event = Events.READ; event <= Events.WRITE; event++) {
      if (((removed | added) & event) != 0) {
        int action = (added & event) != 0 ? EV_ADD : EV_DELETE;
        int filter = event == Events.READ ? EVFILT_READ : EVFILT_WRITE;
        changes.set(count++, fd, filter, action | EV_RECEIPT, 0, 0, generation);
      }
    }
    int answered = KqueueShim.control(set, changes, count, answers, count, 0);
    if (answered < 0) {
      // A signal comes too late to undo the changes: they are not made again.
      if (answered == -Errno.EINTR) {
        return 0;
      }
      if (removed != 0) {
        unremoved.add(fd);
      }
      return -answered;
    }
    int error = 0;
    for (int i = 0; i < answered; i++) {
      boolean failed = (answers.flags(i) & EV_ERROR) != 0 && answers.data(i) != 0;
      int event = answers.filter(i) == EVFILT_WRITE ? Events.WRITE : Events.READ;
      if (failed && (added & event) == 0) {
        unremoved.add(fd);
      } else if (failed && error == 0) {
        error = (int) answers.data(i);
      }
    }
    return error;
  }
}
