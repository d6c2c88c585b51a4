package io.github.selectors4j.internal.sets;

import io.github.selectors4j.internal.system.DescriptorTable;
import io.github.selectors4j.internal.system.PollShim;

/**
 * The array that poll(2) reads, without gaps, and where in it each descriptor is. The first one
 * that is put stays the first. For one thread at a time.
 */
final class PollArray {

  /** What poll is asked for, and tells; /dev/poll, too. */
  static final PollBits BITS =
      new PollBits(
          PollShim.NORMAL_DATA,
          PollShim.value("POLLOUT"),
          PollShim.PRIORITY_DATA,
          PollShim.value("POLLRDHUP"),
          PollShim.value("POLLNVAL"));

  private static final int INITIAL_CAPACITY = 64;

  private PollShim.Pollfds pollfds = new PollShim.Pollfds(INITIAL_CAPACITY);

  /** One more than the index; 0 for none. */
  private final DescriptorTable places = new DescriptorTable();

  private int size;

  /** The entries. */
  PollShim.Pollfds pollfds() {
    return pollfds;
  }

  /** How many there are. */
  int size() {
    return size;
  }

  /** Where a descriptor is; negative if it is not there. */
  int index(int fd) {
    return places.get(fd) - 1;
  }

  /** Watches a descriptor for these bits, and no others. */
  void put(int fd, int bits) {
    int place = places.get(fd);
    if (place == 0) {
      if (size == pollfds.capacity()) {
        pollfds = pollfds.grown();
      }
      place = ++size;
      places.put(fd, place);
    }
    pollfds.set(place - 1, fd, bits);
  }

  /** Fills the gap, if there is one then, with the last entry. */
  void remove(int fd) {
    int place = places.get(fd);
    if (place != 0) {
      int last = --size;
      pollfds.move(last, place - 1);
      places.put(pollfds.fd(last), place);
      places.put(fd, 0);
    }
  }

  /** Removes all but the first one. */
  void clear() {
    while (size > 1) {
      remove(pollfds.fd(size - 1));
    }
  }
}
