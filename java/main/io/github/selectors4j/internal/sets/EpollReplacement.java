package io.github.selectors4j.internal.sets;

import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.selecting.Registrations;
import io.github.selectors4j.internal.selecting.SelectLoop;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.EpollShim;
import io.github.selectors4j.internal.system.Errno;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A new epoll set in the place of one that holds what can't be removed, under the same number. To
 * be used once, with the loop's lock held.
 */
final class EpollReplacement {

  private final SelectLoop loop;
  private final Registrations registrations;
  private final int set;
  private final @Nullable EpollFront front;

  /** What the new set has polled, for priority. */
  private long[] polled = {};

  EpollReplacement(SelectLoop loop, int set, @Nullable EpollFront front) {
    this.loop = loop;
    registrations = loop.registrations;
    this.set = set;
    this.front = front;
  }

  /** Replaces the set; false when a new one can't be had. */
  boolean replace() {
    int replacement;
    try {
      replacement = EpollShim.open();
    } catch (SystemCallException noDescriptor) {
      return false;
    }
    try {
      int wakeup = loop.wakeupDescriptor();
      EpollControl.change(
          replacement, EpollShim.ADD, wakeup, Registrations.NO_GENERATION, Events.READ);
      for (SelectorKey key : registrations.all()) {
        copyTo(replacement, key);
      }
      if (front != null) {
        front.addReplacement(replacement);
      }
      if (EpollShim.replace(replacement, set) < 0) {
        return false;
      }
      if (front != null) {
        front.renumber(replacement, set);
      }
      return true;
    } catch (SystemCallException outOfMemory) {
      return false;
    } finally {
      Descriptors.close(replacement);
    }
  }

  /**
   * The data of the keys whose priority may have been taken away by that, also if nothing was
   * replaced.
   */
  long[] doubtful() {
    return polled;
  }

  /** Leaves out what the old set has forgotten: the number may be another file's by now. */
  private void copyTo(int replacement, SelectorKey key) throws SystemCallException {
    int fd = registrations.watched(key.fd());
    int generation = registrations.generation(key.fd());
    int known = EpollControl.attempt(set, EpollShim.MOD, fd, generation, key.events());
    if (known == -Errno.ENOMEM) {
      // This says nothing about the registration.
      EpollControl.check(EpollShim.MOD, fd, known);
    } else if (known >= 0) {
      if ((key.events() & Events.PRIORITY) != 0) {
        polled = Arrays.copyOf(polled, polled.length + 1);
        polled[polled.length - 1] = EpollControl.data(fd, generation);
      }
      EpollControl.change(replacement, EpollShim.ADD, fd, generation, key.events());
    }
  }
}
