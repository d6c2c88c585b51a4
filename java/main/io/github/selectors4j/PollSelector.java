package io.github.selectors4j;

import io.github.selectors4j.internal.DescriptorTable;
import io.github.selectors4j.internal.Descriptors;
import io.github.selectors4j.internal.PollShim;
import java.io.IOException;

/** A selector over poll(2). It takes regular files, too, which are always ready. */
public final class PollSelector extends BaseSelector {

  private static final int POLLIN = PollShim.value("POLLIN");
  private static final int POLLOUT = PollShim.value("POLLOUT");
  private static final int INITIAL_CAPACITY = 64;

  /** The wake-up descriptor's entry, which never moves; so it means "none" for any other. */
  private static final int WAKEUP_INDEX = 0;

  private final PendingChanges changes = new PendingChanges(loop.lock, this::apply);

  // What the kernel reads, and whose entry is whose. For the selecting thread only.
  private PollShim.Pollfds pollfds;
  private final DescriptorTable indexes = new DescriptorTable();
  private int count;

  /** Whether the last wait watched for wake-ups: they have nothing to end if it does not wait. */
  private boolean wakeable;

  /** The newest registration when the wait began. */
  private int newestGeneration;

  private PollSelector(PollShim.Pollfds pollfds) throws IOException {
    super(Mechanism.POLL, NO_SET);
    this.pollfds = pollfds;
    pollfds.set(WAKEUP_INDEX, loop.wakeupDescriptor(), POLLIN);
    count = 1;
  }

  /**
   * Opens a selector.
   *
   * @return a new selector
   * @throws UnsupportedOperationException when the platform lacks poll
   * @throws IOException when the system refuses, as for want of descriptors
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static PollSelector open() throws IOException {
    PollShim.require();
    return new PollSelector(new PollShim.Pollfds(INITIAL_CAPACITY));
  }

  @Override
  void add(int fd, int generation, int events) throws SystemCallException {
    Descriptors.requireOpen(fd);
    changes.note(fd);
  }

  @Override
  void change(int fd, int generation, int from, int to) {
    changes.note(fd);
  }

  @Override
  void remove(int fd, int events) {
    changes.note(fd);
  }

  @Override
  int await(long timeoutNanos) {
    newestGeneration = registrations.newestGeneration();
    changes.apply();
    wakeable = timeoutNanos != 0;
    int first = wakeable ? WAKEUP_INDEX : WAKEUP_INDEX + 1;
    return PollShim.await(pollfds, first, count - first, timeoutNanos);
  }

  @Override
  String waitCall() {
    return "poll(" + count + " descriptors)";
  }

  @Override
  int handOut(int found, ReadyHandler handler) throws IOException {
    PollShim.Pollfds pollfds = this.pollfds;
    int count = this.count;
    int handedOut = 0;
    int left = wakeable && pollfds.revents(WAKEUP_INDEX) != 0 ? found - 1 : found;
    for (int i = WAKEUP_INDEX + 1; left > 0 && i < count && loop.isOpenInPass(); i++) {
      int revents = pollfds.revents(i);
      if (revents != 0) {
        left--;
        // One that is newer than this wait may be of another file than the entry.
        SelectorKey key = registrations.getUntil(pollfds.fd(i), newestGeneration);
        handedOut += handOut(key, toEvents(revents, POLLIN, POLLOUT), handler);
      }
    }
    return handedOut;
  }

  private void apply(int fd) {
    SelectorKey key = registrations.get(fd);
    int index = indexes.get(fd);
    if (key != null) {
      index = index == WAKEUP_INDEX ? append(fd) : index;
      pollfds.set(index, fd, fromEvents(key.events(), POLLIN, POLLOUT));
    } else if (index != WAKEUP_INDEX) {
      fillGap(fd, index);
    }
  }

  private int append(int fd) {
    if (count == pollfds.capacity()) {
      pollfds = pollfds.grown();
    }
    indexes.put(fd, count);
    return count++;
  }

  /** Fills the gap with the last entry. */
  private void fillGap(int fd, int index) {
    int last = --count;
    pollfds.move(last, index);
    indexes.put(pollfds.fd(last), index);
    indexes.put(fd, WAKEUP_INDEX);
  }
}
