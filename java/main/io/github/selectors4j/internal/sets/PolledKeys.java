package io.github.selectors4j.internal.sets;

import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.internal.selecting.Registrations;
import io.github.selectors4j.internal.selecting.SelectLoop;
import io.github.selectors4j.internal.system.PollShim;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keys that poll(2) is asked for, and the pass over what it found. Entries come and go by the
 * selecting thread, with the loop's lock held.
 */
abstract class PolledKeys {

  private static final int INITIAL_CAPACITY = 64;

  final SelectLoop loop;
  final Registrations registrations;

  /** What poll reads, and writes. */
  final PollArray array = new PollArray();

  /**
   * The keys of the entries, for most are in force as they were put, and are known so with the
   * fewest looks at memory. Null of the selector's own numbers: others may be watched for them, and
   * a set is not told of each change. Made when it is needed.
   */
  private @Nullable SelectorKey @Nullable [] keys;

  /** The entry to go on with, if not the first one. For the selecting thread only. */
  private int next;

  /** None, of those that a loop has. */
  PolledKeys(SelectLoop loop) {
    this.loop = loop;
    registrations = loop.registrations;
  }

  /**
   * The key for which an entry's number is watched by now, or null when there is none to tell of
   * what was found. For the selecting thread, without the lock.
   */
  abstract @Nullable SelectorKey watching(int number);

  private @Nullable SelectorKey[] keys() {
    @Nullable SelectorKey[] made = keys;
    if (made == null) {
      made = new SelectorKey[INITIAL_CAPACITY];
      keys = made;
    }
    return made;
  }

  /** Has a number be asked for what its key waits for. */
  final void put(int number, SelectorKey key) {
    array.put(number, PollArray.BITS.of(key.events()));
    int index = array.index(number);
    @Nullable SelectorKey[] keys = keys();
    if (index == keys.length) {
      keys = Arrays.copyOf(keys, 2 * index);
      this.keys = keys;
    }
    keys[index] = registrations.isOwned(key.fd()) ? null : key;
  }

  /** Has it not be asked for any more. */
  final void drop(int number) {
    int index = array.index(number);
    if (index >= 0) {
      array.remove(number);
      int last = array.size();
      @Nullable SelectorKey[] keys = keys();
      keys[index] = keys[last];
      keys[last] = null;
    }
  }

  /**
   * Keeps no key of a number whose registration changes: what was found of it is handed out as it
   * stands then. For each thread, with the lock held.
   */
  final void release(int number) {
    int index = array.index(number);
    if (index >= 0) {
      keys()[index] = null;
    }
  }

  /** Keeps no key at all: nobody selects any more. */
  final void releaseAll() {
    keys = null;
  }

  /** As an interest set, from one of the entries on. */
  final int handOut(int first, int found, ReadyHandler handler) throws IOException {
    PollShim.Pollfds pollfds = array.pollfds();
    @Nullable SelectorKey[] keys = keys();
    int count = array.size();
    int handedOut = 0;
    int left = found;
    int i = Math.max(first, next);
    try {
      while (left > 0 && i < count && loop.isOpenInPass()) {
        int index = i++;
        int eventsAndRevents = pollfds.eventsAndRevents(index);
        int revents = PollShim.revents(eventsAndRevents);
        if (revents != 0) {
          left--;
          SelectorKey key = keys[index];
          if (key != null && PollShim.isAllReady(eventsAndRevents)) {
            handler.ready(key, key.events());
            handedOut++;
          } else {
            handedOut += handOutAnew(pollfds.fd(index), revents, handler);
          }
        }
      }
      i = 0;
    } finally {
      next = i;
    }
    return handedOut;
  }

  private int handOutAnew(int number, int revents, ReadyHandler handler) throws IOException {
    return SelectLoop.handOut(watching(number), PollArray.BITS.toEvents(revents), handler);
  }
}
