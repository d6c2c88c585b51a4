package io.github.selectors4j.select;

import io.github.selectors4j.HasFileno;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.SelectShim;
import io.github.selectors4j.internal.system.SelectShim.Sets;
import io.github.selectors4j.internal.system.SetBits;
import io.github.selectors4j.internal.system.SystemCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * select(2): Python's {@code select.select}, without its limit of {@code FD_SETSIZE} where the
 * system call has none.
 *
 * <pre>{@code
 * Select.Ready ready =
 *     Select.select(
 *         List.of(pipe.source()), List.of(pipe.sink()), List.of(), Duration.ofSeconds(1));
 * handle(ready.readable()); // has the pipe's source
 * handle(ready.writable()); // has its sink
 * }</pre>
 *
 * @see <a href="https://docs.python.org/3/library/select.html#select.select">Python's select</a>
 */
public final class Select {

  private Select() {}

  /**
   * What was found ready: the very objects that were given, in their order. The lists can't be
   * changed.
   *
   * @param readable The file objects that a read will not block on.
   * @param writable The file objects that a write will not block on.
   * @param exceptional The file objects that have an exceptional condition, such as urgent data.
   */
  public record Ready(List<Object> readable, List<Object> writable, List<Object> exceptional) {}

  /**
   * Whether this system has select.
   *
   * @return false only when the platform lacks it
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static boolean isAvailable() {
    try {
      SelectShim.require();
      return true;
    } catch (UnsupportedOperationException absent) {
      return false;
    }
  }

  /**
   * Waits until some of the file objects are ready. A signal does not end the wait. Threads may
   * call this at the same time.
   *
   * @param rlist file objects to wait for reading
   * @param wlist file objects to wait for writing
   * @param xlist file objects to wait for exceptional conditions
   * @param timeout null waits for as long as it takes, zero does not wait. It is waited for in
   *     full, to the nanosecond where the system can, else rounded up.
   * @return those that are ready; none when the time is up
   * @throws IllegalArgumentException when an object has no descriptor, or the timeout is negative
   *     or exceeds what a long holds in nanoseconds
   * @throws SystemCallException when the system call fails: EBADF for a descriptor that is not open
   * @throws UnsupportedOperationException when the platform lacks select
   * @throws IOException from {@link HasFileno#fileno()}
   */
  public static Ready select(
      Collection<?> rlist, Collection<?> wlist, Collection<?> xlist, @Nullable Duration timeout)
      throws IOException {
    long nanos = Arguments.nanosNotNegative(timeout);
    SelectShim.require();
    Watched read = new Watched(Objects.requireNonNull(rlist, "rlist"), Sets.READ);
    Watched write = new Watched(Objects.requireNonNull(wlist, "wlist"), Sets.WRITE);
    Watched except = new Watched(Objects.requireNonNull(xlist, "xlist"), Sets.EXCEPT);
    int highest = Math.max(read.highest, Math.max(write.highest, except.highest));
    if (highest >= 0) {
      // Numbers beyond the process's table are ignored by the kernel: without this, one that was
      // never open would wait for ever. Below one that is open, the kernel finds them itself.
      Descriptors.requireOpen(highest);
    }
    SetBits bits = SetBits.create();
    int limit = Math.max(read.assign(bits), Math.max(write.assign(bits), except.assign(bits)));
    Sets sets = new Sets(limit);
    read.addTo(sets);
    write.addTo(sets);
    except.addTo(sets);
    int found = SystemCalls.await(left -> SelectShim.await(sets, bits, limit, left), nanos);
    if (found == -Errno.EBADF) {
      read.requireOpen();
      write.requireOpen();
      except.requireOpen();
    }
    SystemCalls.check(found, "select(nfds " + limit + ")");
    // A signal at the last moment leaves the results as they were before: all that was asked for.
    Sets results = found > 0 ? sets : new Sets(limit);
    return new Ready(read.readyIn(results), write.readyIn(results), except.readyIn(results));
  }

  /** The file objects of one set. */
  private static final class Watched {
    private final List<Object> fileobjs = new ArrayList<>();
    private int[] descriptors = new int[0];
    private final int[] assigned;
    private final int set;
    private int highest = -1;

    /** As CPython does, goes by what is left of a list that {@code fileno()} changes. */
    Watched(Collection<?> collection, int set) throws IOException {
      this.set = set;
      List<?> list =
          collection instanceof List<?> same && same instanceof RandomAccess
              ? same
              : new ArrayList<>(collection);
      for (int i = 0; i < list.size(); i++) {
        Object fileobj = list.get(i);
        int fd = Arguments.descriptor(fileobj);
        if (i == descriptors.length) {
          descriptors = Arrays.copyOf(descriptors, Math.max(list.size(), i + 1));
        }
        descriptors[i] = fd;
        fileobjs.add(fileobj);
        highest = Math.max(highest, fd);
      }
      assigned = new int[fileobjs.size()];
    }

    /** Returns one more than the highest bit. */
    int assign(SetBits bits) {
      int limit = 0;
      for (int i = 0; i < assigned.length; i++) {
        assigned[i] = bits.assign(descriptors[i]);
        limit = Math.max(limit, assigned[i] + 1);
      }
      return limit;
    }

    void requireOpen() throws SystemCallException {
      for (int i = 0; i < assigned.length; i++) {
        Descriptors.requireOpen(descriptors[i]);
      }
    }

    void addTo(Sets sets) {
      for (int bit : assigned) {
        sets.set(set, bit, true);
      }
    }

    List<Object> readyIn(Sets sets) {
      List<Object> ready = new ArrayList<>();
      for (int i = 0; i < assigned.length; i++) {
        if (sets.isReady(set, assigned[i])) {
          ready.add(fileobjs.get(i));
        }
      }
      return Collections.unmodifiableList(ready);
    }
  }
}
