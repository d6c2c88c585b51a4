package io.github.selectors4j.internal.sets;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.selecting.InterestSet;
import io.github.selectors4j.internal.selecting.PendingChanges;
import io.github.selectors4j.internal.selecting.Registrations;
import io.github.selectors4j.internal.selecting.SelectLoop;
import io.github.selectors4j.internal.system.DescriptorSet;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.IoShim;
import io.github.selectors4j.internal.system.SelectShim;
import io.github.selectors4j.internal.system.SelectShim.Sets;
import io.github.selectors4j.internal.system.SetBits;
import java.io.IOException;
import java.util.BitSet;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** select(2): as poll, with bits, and no limit of {@code FD_SETSIZE} where the call has none. */
public final class SelectSet implements InterestSet, IntConsumer {

  static final int SUPPORTED = Events.ALL & ~Events.HANGUP;

  private static final int INITIAL_CAPACITY = 1024;

  private final SelectLoop loop;
  private final Registrations registrations;

  private final PendingChanges changes;

  // For the selecting thread only: what the kernel reads, and which descriptors that means. The
  // numbers below are those of bits.
  private Sets sets = new Sets(INITIAL_CAPACITY);
  private final SetBits bits = SetBits.create();
  private final BitSet watched = new BitSet();
  private int wakeup;
  private int wakeupBit;
  private int limit;

  /** The newest registration when the wait began. */
  private int newestGeneration;

  /** The bit to go on with; beyond the sets, one of those that are closed. */
  private int next;

  /** Those watched that somebody closed: with them the call would fail, for all. */
  private final BitSet closed = new BitSet();

  /**
   * A set in this process's memory.
   *
   * @throws UnsupportedOperationException when the platform lacks select
   */
  public SelectSet(SelectLoop loop) {
    this(loop, null);
  }

  /** The same, for no more of the loop's registrations than those. */
  SelectSet(SelectLoop loop, @Nullable DescriptorSet only) {
    SelectShim.require();
    this.loop = loop;
    registrations = loop.registrations;
    changes = new PendingChanges(loop, only, this);
  }

  @Override
  public void addWakeup(int fd) {
    wakeup = fd;
    wakeupBit = bits.assign(fd);
    watch(fd, Events.READ);
  }

  @Override
  public void add(int fd, int generation, int events) throws SystemCallException {
    Descriptors.requireWaitable(fd);
    changes.note(fd);
  }

  @Override
  public int change(int fd, int generation, int from, int to) throws SystemCallException {
    Descriptors.requireWaitable(fd);
    changes.note(fd);
    return generation;
  }

  @Override
  public Mechanism mechanism() {
    return Mechanism.SELECT;
  }

  @Override
  public int supported() {
    return SUPPORTED;
  }

  @Override
  public void remove(int fd, int events) {
    changes.note(fd);
  }

  @Override
  public int await(long timeoutNanos) {
    newestGeneration = registrations.newestGeneration();
    changes.apply();
    takeBackClosed();
    // What does not wait has nothing for a wake-up to end, and is quicker without it.
    sets.set(Sets.READ, wakeupBit, timeoutNanos != 0);
    int found = SelectShim.await(sets, bits, limit, timeoutNanos);
    while (found == -Errno.EBADF) {
      setClosedAside();
      found = SelectShim.await(sets, bits, limit, closed.isEmpty() ? timeoutNanos : 0);
    }
    return found < 0 ? found : found + closed.cardinality();
  }

  @Override
  public String waitCall() {
    return "select(nfds " + limit + ")";
  }

  /** First those that the call reports, then those that are closed. */
  @Override
  public int handOut(int found, ReadyHandler handler) throws IOException {
    int handedOut = 0;
    int words = Sets.words(limit);
    int end = words * Long.SIZE;
    int bit = next;
    try {
      for (int word = bit / Long.SIZE; word < words; word++) {
        long readable = sets.ready(Sets.READ, word);
        long writable = sets.ready(Sets.WRITE, word);
        long exceptional = sets.ready(Sets.EXCEPT, word);
        long left = (readable | writable | exceptional) & (-1L << bit);
        for (; left != 0; left &= left - 1) {
          long mask = Long.lowestOneBit(left);
          int events =
              ((readable & mask) == 0 ? 0 : Events.READ)
                  | ((writable & mask) == 0 ? 0 : Events.WRITE)
                  | ((exceptional & mask) == 0 ? 0 : Events.PRIORITY);
          int ready = word * Long.SIZE + Long.numberOfTrailingZeros(mask);
          bit = ready + 1;
          int fd = bits.descriptor(ready);
          handedOut += handOut(fd, explained(events, fd), handler);
        }
        bit = (word + 1) * Long.SIZE;
      }
      for (int lost = closed.nextSetBit(bit - end);
          lost >= 0;
          lost = closed.nextSetBit(bit - end)) {
        bit = end + lost + 1;
        handedOut += handOut(bits.descriptor(lost), Events.ENDED | Events.PRIORITY, handler);
      }
      bit = 0;
    } finally {
      next = bit;
    }
    return handedOut;
  }

  /** What was found of a descriptor, where an exception may be a refused connection. */
  static int explained(int found, int fd) {
    return (found & Events.PRIORITY) != 0 && IoShim.isRefused(fd)
        ? (found & ~Events.PRIORITY) | Events.ENDED
        : found;
  }

  private int handOut(int fd, int events, ReadyHandler handler) throws IOException {
    if (fd == wakeup || !loop.isOpenInPass()) {
      return 0;
    }
    // One that is newer than this wait may be of another file than the bit.
    return SelectLoop.handOut(registrations.watchingUntil(fd, newestGeneration), events, handler);
  }

  /** Applies a change that was noted. */
  @Override
  public void accept(int fd) {
    if (fd != wakeup) {
      SelectorKey key = changes.key(fd);
      watch(fd, key == null ? 0 : key.events());
    }
  }

  private void watch(int fd, int events) {
    int bit = bits.assign(fd);
    if (bit >= sets.capacity()) {
      sets = sets.grown(Math.max(bit + 1, 2 * sets.capacity()));
    }
    watched.set(bit, events != 0);
    setInterest(bit, events);
    closed.clear(bit);
    limit = watched.length();
    if (events == 0) {
      bits.free(bit);
    }
  }

  private void setInterest(int bit, int events) {
    sets.set(Sets.READ, bit, (events & Events.READ) != 0);
    sets.set(Sets.WRITE, bit, (events & Events.WRITE) != 0);
    sets.set(Sets.EXCEPT, bit, (events & Events.PRIORITY) != 0);
  }

  private void setClosedAside() {
    for (int bit = watched.nextSetBit(0); bit >= 0; bit = watched.nextSetBit(bit + 1)) {
      if (!Descriptors.isOpen(bits.descriptor(bit))) {
        closed.set(bit);
        setInterest(bit, 0);
      }
    }
  }

  /** The number may be open again by now. */
  private void takeBackClosed() {
    for (int bit = closed.nextSetBit(0); bit >= 0; bit = closed.nextSetBit(bit + 1)) {
      SelectorKey key = registrations.watching(bits.descriptor(bit));
      setInterest(bit, key == null ? 0 : key.events());
    }
    closed.clear();
  }
}
