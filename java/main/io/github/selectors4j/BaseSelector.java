package io.github.selectors4j;

import io.github.selectors4j.internal.Descriptors;
import io.github.selectors4j.internal.Timeouts;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Waits until some of the registered file objects are ready: Python's {@code
 * selectors.BaseSelector}.
 *
 * <p>A <em>file object</em> is an {@code Integer} (a raw descriptor), a {@link HasFileno} (which
 * wins over every other kind), a {@code FileDescriptor}, a {@code FileInputStream}, {@code
 * FileOutputStream} or {@code RandomAccessFile}, a {@code SelectableChannel} or {@code FileChannel}
 * of the JDK, a {@code Socket}, {@code ServerSocket} or {@code DatagramSocket}, a stream of a
 * {@code Process}, and {@code System.in}, {@code out} and {@code err} as the JDK started with them.
 * The blocking mode of a descriptor is never touched. A buffered stream, as {@code System.in} or a
 * {@code Process}'s, may hold bytes that no selector can see: when it is reported, read on while
 * {@code available()} is not 0.
 *
 * <p>An input stream of a {@code Process} is watched through a duplicate that the selector owns and
 * closes; its number is the key's. What the JDK drained from the stream while a grandchild keeps
 * the pipe open is signalled only when that one closes it. Its output stream is watched by its own
 * number: unregister it before closing it.
 *
 * <p>A file object is looked up by identity (an {@code Integer} by value), then by descriptor,
 * passing over keys whose object can be proven to have been closed.
 *
 * <p>Any thread may call any method, and a change takes effect on a select in progress. One thread
 * selects at a time; a second one, and a handler that selects on its own selector, get an {@code
 * IllegalStateException}. After {@link #close()} every method but {@code close}, {@link #isOpen()}
 * and {@link #mechanism()} throws {@link ClosedSelectorException}. A virtual thread that selects
 * pins its carrier while it waits.
 *
 * @see <a href="https://docs.python.org/3/library/selectors.html">Python's selectors</a>
 */
public abstract sealed class BaseSelector implements AutoCloseable
    permits SelectSelector, PollSelector, EpollSelector, DevpollSelector, KqueueSelector {

  /** Ready to read: bytes, a connection to accept, the end of the stream. */
  public static final int EVENT_READ = 1;

  /** Ready to write: room, or a connect that has finished. */
  public static final int EVENT_WRITE = 2;

  /** Of a mechanism whose set is given to each call. */
  static final int NO_SET = -1;

  /** The set's descriptor, or {@link #NO_SET}. The selector closes it. */
  final int set;

  final Registrations registrations = new Registrations();
  final SelectLoop loop;
  final Registrar registrar;
  private final Mechanism mechanism;

  /** How many keys the last list had: room to begin with for the next one's. */
  private int lastListed;

  /**
   * A selector over a set, which is closed if this fails. What is made before this, as the memory
   * for events, can't fail once descriptors are open.
   */
  BaseSelector(Mechanism mechanism, int set) throws IOException {
    this.mechanism = mechanism;
    this.set = set;
    try {
      loop = new SelectLoop(this);
      registrar = new Registrar(this);
    } catch (Throwable t) {
      closeSet();
      throw t;
    }
  }

  /**
   * Starts to watch a file object, with no data attached.
   *
   * @param fileobj a file object
   * @param events {@link #EVENT_READ}, {@link #EVENT_WRITE} or both
   * @return the new key
   * @throws IOException as {@link #register(Object, int, Object)}
   */
  public SelectorKey register(Object fileobj, int events) throws IOException {
    return register(fileobj, events, null);
  }

  /**
   * Starts to watch a file object.
   *
   * @param fileobj a file object
   * @param events {@link #EVENT_READ}, {@link #EVENT_WRITE} or both
   * @param data anything, or null, for the key to carry
   * @return the new key
   * @throws IllegalArgumentException when events has no bit or another one, or this is no file
   *     object, or has no descriptor or a negative one
   * @throws IllegalStateException when this object, or another one with its descriptor that has not
   *     been closed, is registered already
   * @throws SystemCallException when the descriptor is not open (EBADF) or the kernel refuses it:
   *     epoll refuses regular files with EPERM, since they are always ready
   * @throws IOException from {@link HasFileno#fileno()}
   */
  public SelectorKey register(Object fileobj, int events, @Nullable Object data)
      throws IOException {
    return registrar.register(fileobj, events, data);
  }

  /**
   * Ceases to watch a file object, also when it was closed meanwhile. When this returns, no later
   * select reports its key; a handler that has begun in another thread is not waited for.
   *
   * @param fileobj what was registered, or something with the same descriptor
   * @return the key that it had
   * @throws NoSuchElementException when it is not registered
   */
  public SelectorKey unregister(Object fileobj) {
    return registrar.unregister(fileobj);
  }

  /**
   * Changes what to wait for, keeping the data.
   *
   * @param fileobj what was registered, or something with the same descriptor
   * @param events {@link #EVENT_READ}, {@link #EVENT_WRITE} or both
   * @return the new key, or the same one when nothing differs
   * @throws IOException as {@link #modify(Object, int, Object)}
   */
  public SelectorKey modify(Object fileobj, int events) throws IOException {
    return registrar.modify(fileobj, events, null, true);
  }

  /**
   * Changes what to wait for, and the data. The file object stays the one that was registered. When
   * only the data differs (by {@code equals}) there is no system call.
   *
   * @param fileobj what was registered, or something with the same descriptor
   * @param events {@link #EVENT_READ}, {@link #EVENT_WRITE} or both
   * @param data anything, or null, for the key to carry
   * @return the new key, or the same one when nothing differs
   * @throws IllegalArgumentException when events has no bit or another one; the registration is
   *     unchanged
   * @throws NoSuchElementException when it is not registered
   * @throws SystemCallException when the kernel refuses; then it is not registered any more
   * @throws IOException from {@link HasFileno#fileno()} of an object that is not itself registered
   */
  public SelectorKey modify(Object fileobj, int events, @Nullable Object data) throws IOException {
    return registrar.modify(fileobj, events, data, false);
  }

  /**
   * Waits for as long as it takes.
   *
   * @return as {@link #select(Duration)}
   * @throws IOException as {@link #select(Duration)}
   */
  public List<ReadyKey> select() throws IOException {
    return select((Duration) null);
  }

  /**
   * Waits until a file object is ready, the time is up, {@link #wakeup()} is called, the thread is
   * interrupted (its status stays set) or the selector is closed; not until a signal arrives.
   *
   * @param timeout null waits for as long as it takes, zero or less does not wait; what is positive
   *     is waited for in full, to the nanosecond where the system can, else rounded up
   * @return the ready keys, each once: a new, unmodifiable list, empty when there are none
   * @throws SystemCallException when the system call fails
   * @throws ClosedSelectorException also when the selector is closed during the call
   * @throws IllegalStateException when another thread is selecting
   * @throws IOException never otherwise
   */
  public List<ReadyKey> select(@Nullable Duration timeout) throws IOException {
    ReadySnapshot snapshot = new ReadySnapshot(lastListed);
    loop.select(Timeouts.nanos(timeout), snapshot);
    lastListed = snapshot.size();
    return snapshot.list();
  }

  /**
   * Looks for what is ready now, without waiting.
   *
   * @return as {@link #select(Duration)}
   * @throws IOException as {@link #select(Duration)}
   */
  public List<ReadyKey> selectNow() throws IOException {
    return select(Duration.ZERO);
  }

  /**
   * Waits as {@link #select(Duration)} does, and hands out each ready key as it stands when its
   * turn comes: with what {@link #modify} left of its events, and not at all once it is
   * unregistered. What a handler registers waits for the next select.
   *
   * @param timeout null waits for as long as it takes, zero or less does not wait
   * @param handler called in this thread for each ready key; when it throws, the exception passes
   *     through, and what was not handed out yet is still ready for the next call
   * @return how many keys were handed out
   * @throws IOException as {@link #select(Duration)}, and from the handler
   */
  public int select(@Nullable Duration timeout, ReadyHandler handler) throws IOException {
    return select(Timeouts.nanos(timeout), handler);
  }

  /**
   * As {@link #select(Duration, ReadyHandler)}, for a loop that computes its timeout anew each
   * turn: allocates nothing once warm.
   *
   * @param timeoutNanos in nanoseconds; negative waits for as long as it takes, zero does not wait
   * @param handler called in this thread for each ready key
   * @return how many keys were handed out
   * @throws IOException as {@link #select(Duration)}, and from the handler
   */
  public int select(long timeoutNanos, ReadyHandler handler) throws IOException {
    return loop.select(timeoutNanos, Objects.requireNonNull(handler, "handler"));
  }

  /**
   * As {@link #select(Duration, ReadyHandler)}, without waiting.
   *
   * @param handler called in this thread for each ready key
   * @return how many keys were handed out
   * @throws IOException as {@link #select(Duration)}, and from the handler
   */
  public int selectNow(ReadyHandler handler) throws IOException {
    return select(0, handler);
  }

  /**
   * The key of a file object.
   *
   * @param fileobj what was registered, or something with the same descriptor
   * @return its current key
   * @throws NoSuchElementException when it is not registered
   */
  public SelectorKey getKey(Object fileobj) {
    return registrar.getKey(fileobj);
  }

  /**
   * The keys by descriptor, in ascending order. {@code get} and {@code containsKey} take a file
   * object, too.
   *
   * @return a live, unmodifiable, weakly consistent view; empty once the selector is closed
   */
  public Map<Integer, SelectorKey> getMap() {
    loop.requireOpen();
    return Collections.unmodifiableMap(new KeyMap(this));
  }

  /**
   * Has the select in progress, or else the next one, return at once. Wake-ups before a select
   * count as one; one during the handing out of ready keys counts for the next select.
   *
   * @return this selector
   * @throws java.io.UncheckedIOException when the system refuses, as it never should: nothing ends
   *     then. So do the methods that change a registration during a select; that does not change
   *     then.
   */
  public BaseSelector wakeup() {
    loop.wakeup();
    return this;
  }

  /**
   * Whether {@link #close()} has not been called yet.
   *
   * @return false once the selector is closed
   */
  public boolean isOpen() {
    return loop.isOpen();
  }

  /**
   * What this selector waits with.
   *
   * @return the mechanism, also once the selector is closed
   */
  public Mechanism mechanism() {
    return mechanism;
  }

  /**
   * Closes the selector, not what is registered. A select in progress throws {@link
   * ClosedSelectorException}; a handler that runs is not waited for. The selector's own descriptors
   * are released by this call or the select in progress, whichever ends last. Later calls do
   * nothing.
   */
  @Override
  public void close() {
    loop.close();
  }

  /** Releases the set, if the kernel holds it. */
  final void closeSet() {
    if (set != NO_SET) {
      Descriptors.close(set);
    }
  }

  // What a mechanism does. Changes are made with the lock held, after the selecting thread was
  // told; the wait and what follows, by the selecting thread without it.

  /** Adds a descriptor to the set. */
  abstract void add(int fd, int generation, int events) throws SystemCallException;

  /** Changes what a descriptor is watched for; on failure, the caller removes it. */
  abstract void change(int fd, int generation, int from, int to) throws SystemCallException;

  /** Takes a descriptor out of the set; it may have been closed, or be another file's by now. */
  abstract void remove(int fd, int events);

  /** Whether a wait in progress takes part in a change, as the kernel's own sets have it. */
  boolean waitSeesChanges() {
    return false;
  }

  /**
   * Whether the set may hold an earlier file under this number too, which a change may revive if
   * the number names it again: so the change takes a new generation.
   */
  boolean mayHoldAnother(int fd) {
    return false;
  }

  /** What to do about an error of a change of a descriptor, or null. */
  @Nullable String advice(int errno, int fd) {
    return null;
  }

  /** Waits once; negative waits for ever. Returns how many events there are, or -errno. */
  abstract int await(long timeoutNanos);

  /** The waiting call and its object, for messages. */
  abstract String waitCall();

  /**
   * Whether the last wait filled its memory, so that there may be more: now there is room for it,
   * and the wait is made anew, without waiting.
   */
  boolean outgrown(int found) {
    return false;
  }

  /** Hands out what the last wait found. Returns how many keys that were. */
  abstract int handOut(int found, ReadyHandler handler) throws IOException;

  /**
   * Hands out a key as it stands now, unless it is gone or asks for nothing that was found. Returns
   * how many keys that were.
   */
  static int handOut(@Nullable SelectorKey key, int found, ReadyHandler handler)
      throws IOException {
    if (key == null || (found & key.events()) == 0) {
      return 0;
    }
    handler.ready(key, found & key.events());
    return 1;
  }

  /** Has a set that the kernel holds watch for wake-ups; closes the selector if that fails. */
  static <S extends BaseSelector> S started(S selector) throws IOException {
    try {
      selector.add(selector.loop.wakeupDescriptor(), Registrations.NO_GENERATION, EVENT_READ);
      return selector;
    } catch (Throwable t) {
      selector.close();
      throw t;
    }
  }

  /** The mechanism's bits for these events. */
  static int fromEvents(int events, int in, int out) {
    return ((events & EVENT_READ) == 0 ? 0 : in) | ((events & EVENT_WRITE) == 0 ? 0 : out);
  }

  /** The events for a mechanism's bits: hang-up and error wake whichever side asked. */
  static int toEvents(int bits, int in, int out) {
    return ((bits & ~out) == 0 ? 0 : EVENT_READ) | ((bits & ~in) == 0 ? 0 : EVENT_WRITE);
  }
}
