package io.github.selectors4j.internal.sets;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.selecting.Wakeup;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.SelectShim;
import io.github.selectors4j.internal.system.SelectShim.Sets;
import io.github.selectors4j.internal.system.SetBits;
import java.util.BitSet;

/** select(2): what was reported is taken out of the sets. */
final class OneShotSelect extends OneShotsInTurn {

  private static final int INITIAL_CAPACITY = 1024;

  private Sets sets = new Sets(INITIAL_CAPACITY);
  private final SetBits bits = SetBits.create();
  private final BitSet watched = new BitSet();
  private final BitSet closed = new BitSet();

  private OneShotSelect(Wakeup wakeup) {
    super(wakeup);
    watch(wakeup.descriptor(), Events.READ);
  }

  /**
   * A set in this process's memory.
   *
   * @throws UnsupportedOperationException when the platform lacks select
   * @throws SystemCallException when the system refuses, as for want of descriptors
   */
  static OneShotSelect open() throws SystemCallException {
    SelectShim.require();
    return new OneShotSelect(Wakeup.open());
  }

  @Override
  public Mechanism mechanism() {
    return Mechanism.SELECT;
  }

  @Override
  public int supported() {
    return SelectSet.SUPPORTED;
  }

  @Override
  void watch(int fd, int events) {
    int bit = bits.assign(fd);
    if (bit >= sets.capacity()) {
      sets = sets.grown(Math.max(bit + 1, 2 * sets.capacity()));
    }
    sets.set(Sets.READ, bit, (events & Events.READ) != 0);
    sets.set(Sets.WRITE, bit, (events & Events.WRITE) != 0);
    sets.set(Sets.EXCEPT, bit, (events & Events.PRIORITY) != 0);
    watched.set(bit, events != 0);
    if (events == 0) {
      bits.free(bit);
    }
  }

  /** With a closed one the call would fail, for all. */
  @Override
  int awaitOnce(long timeoutNanos) {
    closed.clear();
    int found = SelectShim.await(sets, bits, watched.length(), timeoutNanos);
    if (found != -Errno.EBADF) {
      return found;
    }
    for (int bit = watched.nextSetBit(0); bit >= 0; bit = watched.nextSetBit(bit + 1)) {
      if (!Descriptors.isOpen(bits.descriptor(bit))) {
        closed.set(bit);
      }
    }
    return closed.isEmpty() ? -Errno.EINTR : closed.cardinality();
  }

  @Override
  void report(int found) {
    if (!closed.isEmpty()) {
      closed.stream().forEach(bit -> add(bits.descriptor(bit), 0));
      return;
    }
    for (int bit = watched.nextSetBit(0); bit >= 0; bit = watched.nextSetBit(bit + 1)) {
      int events =
          (sets.isReady(Sets.READ, bit) ? Events.READ : 0)
              | (sets.isReady(Sets.WRITE, bit) ? Events.WRITE : 0)
              | (sets.isReady(Sets.EXCEPT, bit) ? Events.PRIORITY : 0);
      if (events != 0) {
        // One that is closed during the call is ready for everything, says Linux.
        int fd = bits.descriptor(bit);
        add(fd, Descriptors.isOpen(fd) ? SelectSet.explained(events, fd) : 0);
      }
    }
  }

  @Override
  public String waitCall() {
    return "select(nfds " + watched.length() + ")";
  }
}
