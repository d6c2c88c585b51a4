package io.github.selectors4j.bench;

import io.github.selectors4j.internal.system.EpollShim;
import io.github.selectors4j.internal.system.PollShim;
import io.github.selectors4j.internal.system.SelectShim;
import io.github.selectors4j.internal.system.SelectShim.Sets;
import io.github.selectors4j.internal.system.SetBits;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The floor of any selector in Java: this library's native call, and a look-up in an array for each
 * result. There is no lock, no check whether it was closed or interrupted or a number reused, and
 * nobody to hand a key to.
 */
abstract class BareWait implements Contender {

  private static final int EPOLLIN = EpollShim.value("EPOLLIN");
  private static final int POLLIN = PollShim.value("POLLIN");

  /** What a look-up finds. */
  record Registration(int fd) {}

  private final Registration[] registrations;
  private final int ready;
  private long sum;

  private BareWait(int[] fds, int ready) {
    this.ready = ready;
    registrations = new Registration[limit(fds)];
    for (int fd : fds) {
      registrations[fd] = new Registration(fd);
    }
  }

  /** Over epoll; a negative timeout waits. */
  static Contender epoll(Pipes pipes, int ready, long timeoutNanos) throws IOException {
    return new Epoll(pipes.readEnds(), ready, timeoutNanos);
  }

  /** Over epoll, with results that C copies into an array of Java's. */
  static Contender copying(Pipes pipes, int ready) throws IOException {
    return new CopyingEpoll(pipes.readEnds(), ready);
  }

  /** Over epoll, with a hash table for the look-up. */
  static Contender hashing(Pipes pipes, int ready) throws IOException {
    return new HashingEpoll(pipes.readEnds(), ready);
  }

  /** Over poll. */
  static Contender poll(Pipes pipes, int ready) {
    return new Poll(pipes.readEnds(), ready);
  }

  /** Over select. */
  static Contender select(Pipes pipes, int ready) {
    return new Select(pipes.readEnds(), ready);
  }

  @Override
  public long take(int turns) throws IOException {
    long found = 0;
    long start = System.nanoTime();
    for (int turn = 0; turn < turns; turn++) {
      found += turn();
    }
    return Contender.elapsed(start, found, (long) turns * ready);
  }

  abstract int turn();

  final void handle(int fd, int events) {
    handle(registrations[fd], events);
  }

  final void handle(Registration registration, int events) {
    sum += registration.fd + events;
  }

  private static int limit(int[] fds) {
    int limit = 0;
    for (int fd : fds) {
      limit = Math.max(limit, fd + 1);
    }
    return limit;
  }

  private abstract static class EpollSet extends BareWait {
    final int epfd = EpollShim.open();

    EpollSet(int[] fds, int ready) throws IOException {
      super(fds, ready);
      for (int fd : fds) {
        EpollShim.control(epfd, EpollShim.ADD, fd, EPOLLIN, fd);
      }
    }

    @Override
    public void close() {
      Natives.close(epfd);
    }
  }

  private static final class Epoll extends EpollSet {
    private final EpollShim.Events events;
    private final long timeoutNanos;

    Epoll(int[] fds, int ready, long timeoutNanos) throws IOException {
      super(fds, ready);
      this.timeoutNanos = timeoutNanos;
      events = new EpollShim.Events(fds.length);
    }

    @Override
    int turn() {
      int found = EpollShim.await(epfd, events, events.capacity(), timeoutNanos);
      for (int i = 0; i < found; i++) {
        handle((int) events.data(i), events.events(i));
      }
      return found;
    }
  }

  private static final class CopyingEpoll extends EpollSet {
    private final int[] results;

    CopyingEpoll(int[] fds, int ready) throws IOException {
      super(fds, ready);
      results = new int[2 * fds.length];
    }

    @Override
    int turn() {
      int found = Natives.epollInto(epfd, results, results.length / 2);
      for (int i = 0; i < found; i++) {
        handle(results[2 * i], results[2 * i + 1]);
      }
      return found;
    }
  }

  private static final class HashingEpoll extends EpollSet {
    private final EpollShim.Events events;
    private final Map<Integer, Registration> registrations = new HashMap<>();

    HashingEpoll(int[] fds, int ready) throws IOException {
      super(fds, ready);
      events = new EpollShim.Events(fds.length);
      for (int fd : fds) {
        registrations.put(fd, new Registration(fd));
      }
    }

    @Override
    int turn() {
      int found = EpollShim.await(epfd, events, events.capacity(), 0);
      for (int i = 0; i < found; i++) {
        handle(registrations.get((int) events.data(i)), events.events(i));
      }
      return found;
    }
  }

  private static final class Poll extends BareWait {
    private final PollShim.Pollfds pollfds;

    Poll(int[] fds, int ready) {
      super(fds, ready);
      pollfds = new PollShim.Pollfds(fds.length);
      for (int i = 0; i < fds.length; i++) {
        pollfds.set(i, fds[i], POLLIN);
      }
    }

    @Override
    int turn() {
      int found = PollShim.await(pollfds, 0, pollfds.capacity(), 0);
      int left = found;
      for (int i = 0; left > 0; i++) {
        int events = pollfds.revents(i);
        if (events != 0) {
          handle(pollfds.fd(i), events);
          left--;
        }
      }
      return found;
    }

    @Override
    public void close() {}
  }

  private static final class Select extends BareWait {
    private final SetBits bits = SetBits.create();
    private final int limit;
    private final Sets sets;

    Select(int[] fds, int ready) {
      super(fds, ready);
      limit = limit(fds);
      sets = new Sets(limit);
      for (int fd : fds) {
        sets.set(Sets.READ, fd, true);
      }
    }

    @Override
    int turn() {
      int found = SelectShim.await(sets, bits, limit, 0);
      for (int word = 0; word < Sets.words(limit); word++) {
        long left = sets.ready(Sets.READ, word);
        for (; left != 0; left &= left - 1) {
          handle(word * Long.SIZE + Long.numberOfTrailingZeros(left), POLLIN);
        }
      }
      return found;
    }

    @Override
    public void close() {}
  }
}
