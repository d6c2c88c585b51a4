package io.github.selectors4j.internal.selecting;

import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.system.Descriptors;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What one mechanism is asked to wait for, and how it is asked. A {@link SelectLoop} has one such
 * set, made for it, and closes it; a {@link Registrar} changes it. All that mechanisms have in
 * common is theirs; a set knows what to ask the system, and what its answer means.
 *
 * <h2>Who calls what</h2>
 *
 * <ul>
 *   <li>{@link #add}, {@link #change} and {@link #remove} are called by any thread, one at a time,
 *       with the loop's lock held. They do nothing that waits. A wait may be in progress meanwhile:
 *       either it takes part in the change by itself, as the kernel's own sets have it ({@link
 *       #waitSeesChanges}), or the loop has told the selecting thread before, and no {@link #await}
 *       begins until the change is complete.
 *   <li>{@link #await}, {@link #complete} and {@link #handOut} are called by the selecting thread
 *       alone, without the lock, in that order, and never after {@link #close}.
 *   <li>{@link #close} is called once, when nobody uses the set any more.
 *   <li>Everything else may be called at any time.
 * </ul>
 *
 * <h2>What holds for each</h2>
 *
 * <ul>
 *   <li>Descriptors are open when they are added. Later they may be closed, and name another file:
 *       then {@link #remove} must not fail for it, and what the system still reports of the old
 *       file is not handed out. To tell, each registration has a <em>generation</em> of its own,
 *       see {@link Registrations}.
 *   <li>One bad descriptor never fails a wait for the others.
 *   <li>The loop's wake-up descriptor is in the set from the beginning, and is never handed out.
 *   <li>A method that is said to return {@code -errno} throws nothing and decides nothing: {@code
 *       EINTR}, time that is left and every exception are the loop's.
 *   <li>Nothing is allocated once all memory has grown to what it needs.
 * </ul>
 */
public interface InterestSet extends Capabilities {

  /** Has each wait that may block end when this descriptor is readable: the first call of all. */
  default void addWakeup(int fd) throws SystemCallException {
    add(fd, Registrations.NO_GENERATION, Events.READ);
  }

  /**
   * Adds a descriptor.
   *
   * @throws SystemCallException EBADF when it is not open, and as the system refuses; then it is
   *     not in the set
   */
  void add(int fd, int generation, int events) throws SystemCallException;

  /**
   * Changes what a descriptor is watched for; or does not, but makes sure that what is watched is
   * the file that the number names by now. So it is called, too, where a key gets other data alone,
   * but of the numbers that the selector owns.
   *
   * @return the generation that counts from now on: another one when the set can tell that the
   *     number names another file
   * @throws SystemCallException EBADF when it is not open any more, and as the system refuses; then
   *     the caller removes it
   */
  int change(int fd, int generation, int from, int to) throws SystemCallException;

  /** Removes a descriptor; it may have been closed, or be another file's by now. */
  void remove(int fd, int events);

  /**
   * Forgets a number that is not valid any more, without touching the file that it may name by now,
   * where the system has forgotten it by itself.
   */
  default void forget(int fd, int events) {
    remove(fd, events);
  }

  /**
   * Opens a descriptor that is ready for writing once it is watched, to stand for one that has been
   * closed; the caller's to close.
   */
  default int openPlaceholder() throws SystemCallException {
    return Descriptors.openBroken();
  }

  /**
   * Waits once.
   *
   * @param timeoutNanos negative waits for ever, zero does not wait
   * @return how many events there are, or {@code -errno}
   */
  int await(long timeoutNanos);

  /**
   * Adds to what the last wait found what it had no room for. What it found is not asked for again:
   * of some files, the asking itself takes the event away.
   *
   * @param found how many events the wait returned; more than 0
   * @return how many there are in all
   */
  default int complete(int found) {
    return found;
  }

  /**
   * Hands out what the last wait found, by {@link SelectLoop#handOut}, for as long as {@link
   * SelectLoop#isOpenInPass}. When the handler throws, the next call goes on behind the key that it
   * was called for.
   *
   * @param found what {@link #complete} returned
   * @return how many keys that were
   * @throws IOException from the handler
   */
  int handOut(int found, ReadyHandler handler) throws IOException;

  /** The waiting call and its object, for messages. */
  String waitCall();

  /** What to do about an error of the wait, or null. */
  default @Nullable String waitAdvice(int errno) {
    return null;
  }

  /** Whether another set may wait for this one by its descriptor. */
  default boolean isWaitedForByOthers() {
    return true;
  }

  /** Has {@link #front} be readable, or no longer, as if something of this set were ready. */
  default void showReady(boolean ready) {}

  /** Whether a wait in progress takes part in a change, as the kernel's own sets have it. */
  default boolean waitSeesChanges() {
    return false;
  }

  /** The descriptor of a set that the kernel holds; -1 where the set is given to each call. */
  default int fileno() {
    return -1;
  }

  /**
   * What others may watch: readable when there is something to hand out, for as long as the set is
   * open. With the loop's lock held.
   *
   * @throws SystemCallException when the system refuses, as for want of descriptors
   */
  default int front() throws SystemCallException {
    return fileno();
  }

  /** Releases what the kernel holds of the set, and what the set holds of keys. */
  default void close() {}
}
