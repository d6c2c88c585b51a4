package io.github.selectors4j.internal.sets;

import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.internal.selecting.Registrations;
import io.github.selectors4j.internal.selecting.SelectLoop;
import io.github.selectors4j.internal.system.DescriptorSet;
import io.github.selectors4j.internal.system.DescriptorTable;
import io.github.selectors4j.internal.system.PollShim;
import java.io.IOException;
import java.util.function.IntConsumer;

/**
 * The keys that are asked for by poll(2) in place of a kernel's set. The selecting thread alone
 * adds to them; each thread may take one out, which leaves what was found of it to be handed out,
 * as its key stands by then.
 */
final class HotKeys {

  private final SelectLoop loop;
  private final Registrations registrations;

  /**
   * What poll reads, and writes. Entries come and go by the selecting thread, with the lock held.
   */
  private final PollArray array = new PollArray();

  /** Of the entries. For the selecting thread only. */
  private final DescriptorTable generations = new DescriptorTable();

  /** Whose entries count. With the lock held. */
  private final DescriptorSet hot = new DescriptorSet();

  private int size;

  /** Whether the array has entries that don't count any more. */
  private volatile boolean outdated;

  /** The entry to go on with. For the selecting thread only. */
  private int next;

  HotKeys(SelectLoop loop) {
    this.loop = loop;
    registrations = loop.registrations;
  }

  /** How many there are, with the lock held. */
  int size() {
    return size;
  }

  /** Whether it is one of them, with the lock held. */
  boolean contains(int fd) {
    return hot.contains(fd);
  }

  /** Adds one, of which nothing is found yet. For the selecting thread, with the lock held. */
  void add(SelectorKey key, int generation) {
    int fd = key.fd();
    array.put(fd, PollSet.BITS.of(key.events()));
    array.pollfds().clear(array.index(fd));
    generations.put(fd, generation);
    hot.add(fd);
    size++;
  }

  /** Takes one out, if it is there, with the lock held. */
  void remove(int fd) {
    if (hot.remove(fd)) {
      size--;
      outdated = true;
    }
  }

  /** Takes all out, with the lock held. */
  void clear() {
    for (int i = 0; i < array.size(); i++) {
      remove(array.pollfds().fd(i));
    }
  }

  /**
   * Hands over all, or those that the last poll did not find ready, with the lock held; they may be
   * taken out meanwhile.
   */
  void forEach(boolean idleOnly, IntConsumer consumer) {
    PollShim.Pollfds pollfds = array.pollfds();
    for (int i = 0; i < array.size(); i++) {
      int fd = pollfds.fd(i);
      if (hot.contains(fd) && !(idleOnly && pollfds.revents(i) != 0)) {
        consumer.accept(fd);
      }
    }
  }

  /** Whether there may be some to poll. For the selecting thread, without the lock. */
  boolean any() {
    return array.size() > 0;
  }

  /**
   * Asks for all without waiting. For the selecting thread, without the lock.
   *
   * @return how many are ready, or {@code -errno}
   */
  int poll() {
    if (outdated) {
      dropOutdated();
    }
    return array.size() == 0 ? 0 : PollShim.await(array.pollfds(), 0, array.size(), 0);
  }

  private void dropOutdated() {
    loop.lock.lock();
    try {
      outdated = false;
      for (int i = array.size() - 1; i >= 0; i--) {
        int fd = array.pollfds().fd(i);
        if (!hot.contains(fd)) {
          array.remove(fd);
        }
      }
    } finally {
      loop.lock.unlock();
    }
  }

  /** Whether the last poll asked for a registration. For the selecting thread, without the lock. */
  boolean wasAsked(int fd, int generation) {
    return array.index(fd) >= 0 && generations.get(fd) == generation;
  }

  /** Has what the last poll found of one not be handed out; returns whether there was something. */
  boolean takeBack(int fd) {
    int index = array.index(fd);
    boolean found = array.pollfds().revents(index) != 0;
    array.pollfds().clear(index);
    return found;
  }

  /** As an interest set. */
  int handOut(int found, ReadyHandler handler) throws IOException {
    PollShim.Pollfds pollfds = array.pollfds();
    int count = array.size();
    int handedOut = 0;
    int left = found;
    int i = next;
    try {
      while (left > 0 && i < count && loop.isOpenInPass()) {
        int index = i++;
        int revents = pollfds.revents(index);
        if (revents != 0) {
          left--;
          int fd = pollfds.fd(index);
          SelectorKey key = registrations.watching(fd, generations.get(fd));
          handedOut += SelectLoop.handOut(key, PollSet.BITS.toEvents(revents), handler);
        }
      }
      i = 0;
    } finally {
      next = i;
    }
    return handedOut;
  }
}
