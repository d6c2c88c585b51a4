package io.github.selectors4j;

import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.selecting.InterestSet;
import io.github.selectors4j.internal.selecting.KeyMap;
import io.github.selectors4j.internal.selecting.ReadySnapshot;
import io.github.selectors4j.internal.selecting.Registrar;
import io.github.selectors4j.internal.selecting.SelectLoop;
import io.github.selectors4j.internal.sets.FallbackSet;
import io.github.selectors4j.internal.system.Timeouts;
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
 * selectors.BaseSelector}. {@link DefaultSelector#open()} opens one; close it in the end.
 *
 * <pre>{@code
 * try (BaseSelector selector = DefaultSelector.open()) {
 *   selector.register(socket, EVENT_READ, "socket");
 *   selector.register(child.getInputStream(), EVENT_READ, "child");
 *   for (ReadyKey ready : selector.select(Duration.ofSeconds(10))) {
 *     handle(ready);
 *   }
 * }
 * }</pre>
 *
 * <h2>File objects</h2>
 *
 * <p>A <em>file object</em> is an {@code Integer} (a raw descriptor), a {@link HasFileno} (which
 * wins over every other kind), a {@code FileDescriptor}, a {@code FileInputStream}, {@code
 * FileOutputStream} or {@code RandomAccessFile}, a {@code SelectableChannel} or {@code FileChannel}
 * of the JDK, a {@code Socket}, {@code ServerSocket} or {@code DatagramSocket}, a stream of a
 * {@code Process}, a {@code Process} or {@code ProcessHandle} itself, and {@code System.in}, {@code
 * out} and {@code err} as the JDK started with them. The blocking mode of a descriptor is never
 * touched. {@link DefaultSelector} takes whatever is open for reading or writing; the selector of
 * one mechanism refuses what that refuses.
 *
 * <p>A stream with a buffer, such as {@code System.in} or a {@code Process}'s, may hold bytes that
 * no selector can see: read until {@code available()} is 0 before you select again. So may an
 * {@code SSLSocket}, which may also be reported for a record without data: then a read blocks.
 *
 * <p>A {@code Process} or {@code ProcessHandle} is ready to read when it has ended; it takes a
 * pidfd, of Linux 5.3. Elsewhere use {@code process.onExit().thenRun(selector::wakeup)}.
 *
 * <p>An input stream of a {@code Process} is watched through a duplicate that the selector owns and
 * closes. If a grandchild keeps the pipe open, what the JDK read when the child ended is reported
 * only when the grandchild closes it. {@code destroy} and {@code destroyForcibly} close the stream,
 * and what was not read by then is lost; {@code toHandle().destroy()} does not. An output stream of
 * a {@code Process} is ready to write from the child's end on: the next write tells the error. The
 * keys of all these have the numbers of descriptors that are the selector's own.
 *
 * <p>Set a device up before you register it: epoll never hears what comes to a TUN device that was
 * registered before {@code TUNSETIFF}, to {@code /dev/fuse} before its mount, or of a pressure file
 * before its trigger was written. Of {@code /proc/self/mountinfo} and of a pressure file, each poll
 * takes the event away: register before the change, and don't {@code modify} between the event and
 * the select.
 *
 * <p>A file object is looked up by identity (an {@code Integer} by value), then by descriptor,
 * passing over keys whose object can be proven to have been closed.
 *
 * <h2>Threads</h2>
 *
 * <p>Any thread may call any method at any time. A change takes effect on a select in progress. One
 * thread selects at a time; a second one, and a handler that selects on its own selector, get an
 * {@code IllegalStateException}. A virtual thread that selects pins its carrier while it waits.
 *
 * <h2>Errors</h2>
 *
 * <p>After {@link #close()}, every method but {@code close}, {@link #isOpen()}, {@link
 * #mechanism()} and {@link #toString()} throws {@link ClosedSelectorException}. A null where none
 * is allowed is a {@code NullPointerException} that names the argument.
 *
 * @see <a href="https://docs.python.org/3/library/selectors.html">Python's selectors</a>
 */
public abstract sealed class BaseSelector implements AutoCloseable
    permits SelectSelector, PollSelector, EpollSelector, DevpollSelector, KqueueSelector {

  /** Ready to read: there are bytes, a connection to accept, the end of the stream, or an error. */
  public static final int EVENT_READ = Events.READ;

  /** Ready to write: there is room, a connect has finished, or there is an error. */
  public static final int EVENT_WRITE = Events.WRITE;

  /**
   * The exceptional condition: TCP's urgent data, a PSI trigger that fired, a change of {@code
   * /proc/self/mountinfo}, {@code cgroup.events} or a sysfs attribute. kqueue has it on macOS and
   * OpenBSD alone. Of files whose poll takes the event away it is reported once, and not at all to
   * who registers, or modifies, after the event. A bare error counts only where nothing else is
   * asked for.
   */
  public static final int EVENT_PRIORITY = Events.PRIORITY;

  /**
   * The peer's end: it has shut down its sending side or hung up, or an error is pending, whether
   * or not bytes are left to read. Not with select. A key for it stays ready: unregister it then.
   */
  public static final int EVENT_HANGUP = Events.HANGUP;

  final SelectLoop loop;

  /** Made when it is first needed; of several threads each may make one, and all are alike. */
  private @Nullable Registrar registrar;

  /** How many keys the last list had: room to begin with for the next one's. */
  private int lastListed;

  /**
   * A selector over a set, made for that loop; no descriptor is left behind if this fails.
   *
   * @param fallback what is to take whatever the set refuses, or null
   */
  BaseSelector(SelectLoop loop, InterestSet set, @Nullable Mechanism fallback) throws IOException {
    this.loop = loop;
    loop.start(fallback == null ? set : new FallbackSet(loop, set, fallback));
  }

  private Registrar registrar() {
    Registrar made = registrar;
    if (made == null) {
      made = new Registrar(loop);
      registrar = made;
    }
    return made;
  }

  /**
   * Starts to watch a file object, with no data attached.
   *
   * @param fileobj a file object
   * @param events one or more of {@link #EVENT_READ}, {@link #EVENT_WRITE}, {@link #EVENT_PRIORITY}
   *     and {@link #EVENT_HANGUP}
   * @return the new key
   * @throws IllegalArgumentException as {@link #register(Object, int, Object)}
   * @throws IllegalStateException as {@link #register(Object, int, Object)}
   * @throws SystemCallException as {@link #register(Object, int, Object)}
   * @throws IOException as {@link #register(Object, int, Object)}
   */
  public SelectorKey register(Object fileobj, int events) throws IOException {
    return register(fileobj, events, null);
  }

  /**
   * Starts to watch a file object. When this throws, nothing is registered.
   *
   * @param fileobj a file object
   * @param events one or more of {@link #EVENT_READ}, {@link #EVENT_WRITE}, {@link #EVENT_PRIORITY}
   *     and {@link #EVENT_HANGUP}
   * @param data anything, or null, for the key to carry
   * @return the new key
   * @throws IllegalArgumentException when events is 0 or has another bit, or this is no file
   *     object, or has no descriptor or a negative one
   * @throws IllegalStateException when this object is registered already, or another one with its
   *     descriptor that can't be proven to have been closed
   * @throws UnsupportedOperationException when the mechanism can't wait for these events, or the
   *     system for a process
   * @throws SystemCallException when the descriptor is not open, or was opened with O_PATH (EBADF),
   *     or the kernel refuses it; the message says why. epoll refuses with EPERM what it can't wait
   *     for: regular files, folders, and devices without poll
   * @throws IOException from {@link HasFileno#fileno()}
   */
  public SelectorKey register(Object fileobj, int events, @Nullable Object data)
      throws IOException {
    return registrar().register(fileobj, events, data);
  }

  /**
   * Stops watching a file object, which may have been closed already. When this returns, no later
   * select reports its key; a handler that another thread has begun may still be running.
   *
   * @param fileobj what was registered, or something with the same descriptor
   * @return the key that it had
   * @throws NoSuchElementException when it is not registered
   */
  public SelectorKey unregister(Object fileobj) {
    return registrar().unregister(fileobj);
  }

  /**
   * Changes what to wait for, and keeps the data.
   *
   * @param fileobj what was registered, or something with the same descriptor
   * @param events one or more of {@link #EVENT_READ}, {@link #EVENT_WRITE}, {@link #EVENT_PRIORITY}
   *     and {@link #EVENT_HANGUP}
   * @return the new key, or the same one when nothing differs
   * @throws IllegalArgumentException as {@link #modify(Object, int, Object)}
   * @throws NoSuchElementException when it is not registered
   * @throws SystemCallException as {@link #modify(Object, int, Object)}
   * @throws IOException as {@link #modify(Object, int, Object)}
   */
  public SelectorKey modify(Object fileobj, int events) throws IOException {
    return registrar().modify(fileobj, events, null, true);
  }

  /**
   * Changes what to wait for, and the data. The file object stays the one that was registered. If
   * the number names another file than when it was registered, that one is watched from now on,
   * also when nothing differs.
   *
   * @param fileobj what was registered, or something with the same descriptor
   * @param events one or more of {@link #EVENT_READ}, {@link #EVENT_WRITE}, {@link #EVENT_PRIORITY}
   *     and {@link #EVENT_HANGUP}
   * @param data anything, or null, for the key to carry
   * @return the new key, or the same one when nothing differs
   * @throws IllegalArgumentException when events is 0 or has another bit; the registration is
   *     unchanged
   * @throws NoSuchElementException when it is not registered
   * @throws UnsupportedOperationException when the mechanism can't wait for these events; the
   *     registration is unchanged
   * @throws SystemCallException when the descriptor is not open (EBADF), or the kernel refuses;
   *     then it is not registered any more
   * @throws IOException from {@link HasFileno#fileno()} of an object that is not itself registered
   */
  public SelectorKey modify(Object fileobj, int events, @Nullable Object data) throws IOException {
    return registrar().modify(fileobj, events, data, false);
  }

  /**
   * Waits for as long as it takes.
   *
   * @return as {@link #select(Duration)}
   * @throws SystemCallException when the system call fails
   * @throws ClosedSelectorException also when the selector is closed during the call
   * @throws IllegalStateException when another thread is selecting, or a handler of this selector
   *     calls it
   * @throws IOException never otherwise
   */
  public List<ReadyKey> select() throws IOException {
    return select((Duration) null);
  }

  /**
   * Waits until a file object is ready, the time is up, {@link #wakeup()} is called, the thread is
   * interrupted (its status stays set) or the selector is closed. A signal does not end the wait,
   * nor does a change of the registrations.
   *
   * @param timeout null waits for as long as it takes, zero or less does not wait. A positive one
   *     is waited for in full, to the nanosecond where the system can, else rounded up; from 292
   *     years on, it makes no difference how long it is.
   * @return the ready keys, each once: a new, unmodifiable list, empty when there are none
   * @throws SystemCallException when the system call fails
   * @throws ClosedSelectorException also when the selector is closed during the call
   * @throws IllegalStateException when another thread is selecting, or a handler of this selector
   *     calls it
   * @throws IOException never otherwise
   */
  public List<ReadyKey> select(@Nullable Duration timeout) throws IOException {
    ReadySnapshot snapshot = ReadySnapshot.of(loop, Timeouts.nanos(timeout), lastListed);
    lastListed = snapshot.size();
    return snapshot.list();
  }

  /**
   * Looks for what is ready now, without waiting.
   *
   * @return as {@link #select(Duration)}
   * @throws SystemCallException when the system call fails
   * @throws ClosedSelectorException also when the selector is closed during the call
   * @throws IllegalStateException when another thread is selecting, or a handler of this selector
   *     calls it
   * @throws IOException never otherwise
   */
  public List<ReadyKey> selectNow() throws IOException {
    return select(Duration.ZERO);
  }

  /**
   * Waits as {@link #select(Duration)} does, and hands out each ready key as it stands when its
   * turn comes: with what {@link #modify} left of its events, and not at all once it is
   * unregistered. What a handler registers waits for the next select. Allocates nothing once warm.
   *
   * @param timeout null waits for as long as it takes, zero or less does not wait
   * @param handler called in this thread for each ready key; when it throws, the exception passes
   *     through, and the next call hands out what is left, without waiting
   * @return how many keys were handed out
   * @throws SystemCallException when the system call fails
   * @throws ClosedSelectorException also when the selector is closed during the call, or by the
   *     handler
   * @throws IllegalStateException when another thread is selecting, or a handler of this selector
   *     calls it
   * @throws IOException from the handler
   */
  public int select(@Nullable Duration timeout, ReadyHandler handler) throws IOException {
    return await(Timeouts.nanos(timeout), handler);
  }

  /**
   * As {@link #select(Duration, ReadyHandler)}, for a loop that computes its timeout anew each
   * turn. Allocates nothing once warm.
   *
   * @param timeoutNanos in nanoseconds; zero or less, as of a deadline that has passed, does not
   *     wait
   * @param handler called in this thread for each ready key
   * @return how many keys were handed out
   * @throws SystemCallException as {@link #select(Duration, ReadyHandler)}
   * @throws ClosedSelectorException as {@link #select(Duration, ReadyHandler)}
   * @throws IllegalStateException as {@link #select(Duration, ReadyHandler)}
   * @throws IOException from the handler
   */
  public int selectNanos(long timeoutNanos, ReadyHandler handler) throws IOException {
    return await(Math.max(0, timeoutNanos), handler);
  }

  /**
   * As {@link #select(Duration, ReadyHandler)}, without waiting. Allocates nothing once warm.
   *
   * @param handler called in this thread for each ready key
   * @return how many keys were handed out
   * @throws SystemCallException as {@link #select(Duration, ReadyHandler)}
   * @throws ClosedSelectorException as {@link #select(Duration, ReadyHandler)}
   * @throws IllegalStateException as {@link #select(Duration, ReadyHandler)}
   * @throws IOException from the handler
   */
  public int selectNow(ReadyHandler handler) throws IOException {
    return await(0, handler);
  }

  private int await(long timeoutNanos, ReadyHandler handler) throws IOException {
    return loop.select(timeoutNanos, Objects.requireNonNull(handler, "handler"));
  }

  /**
   * The key of a file object.
   *
   * @param fileobj what was registered, or something with the same descriptor
   * @return its current key
   * @throws NoSuchElementException when it is not registered
   */
  public SelectorKey getKey(Object fileobj) {
    return registrar().getKey(fileobj);
  }

  /**
   * Whether a file object is registered.
   *
   * @param fileobj anything; what is no file object is not registered
   * @return whether {@link #getKey} finds a key
   */
  public boolean isRegistered(Object fileobj) {
    Objects.requireNonNull(fileobj, "fileobj");
    loop.requireOpen();
    return registrar().find(fileobj) != null;
  }

  /**
   * The keys by descriptor, in ascending order. {@code get} and {@code containsKey} take a file
   * object, too; null is a {@code NullPointerException}.
   *
   * @return a live, unmodifiable view, which any thread may use and iterate at any time: what
   *     changes meanwhile may show in an iteration or not; empty once the selector is closed
   */
  public Map<Integer, SelectorKey> getMap() {
    loop.requireOpen();
    return Collections.unmodifiableMap(new KeyMap(registrar(), loop.registrations));
  }

  /**
   * Lets the select in progress return at once, or else the next one, even if that would not wait
   * or finds ready keys. Several wake-ups before a select count as one. One that comes while ready
   * keys are handed out counts for the next select.
   *
   * @return this selector
   * @throws java.io.UncheckedIOException when the system refuses, which it never should: then no
   *     select ends. So do the methods that change a registration during a select; then nothing has
   *     changed.
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
    return loop.mechanism();
  }

  /**
   * Closes the selector, but nothing that is registered. A select in progress throws {@link
   * ClosedSelectorException}; a handler that is running is not waited for. The selector's own
   * descriptors are released by this call or by the select in progress, whichever ends last. Later
   * calls do nothing.
   */
  @Override
  public void close() {
    loop.close();
  }

  /**
   * The selector's kind and state, for people.
   *
   * @return as in {@code EpollSelector[3 registered]} or {@code EpollSelector[closed]}
   */
  @Override
  public String toString() {
    int registered = loop.registrations.size();
    return getClass().getSimpleName() + (isOpen() ? "[" + registered + " registered]" : "[closed]");
  }
}
