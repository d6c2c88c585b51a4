package io.github.selectors4j.internal.sets;

import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.selecting.Capabilities;
import org.jspecify.annotations.Nullable;

/**
 * What one mechanism is asked to wait for, a report at a time: a number that was reported, or that
 * nobody asks for any more, is switched off until it is armed again.
 *
 * <h2>Who calls what</h2>
 *
 * <ul>
 *   <li>{@link #arm}, {@link #rearm}, {@link #names} and {@link #remove} are called by any thread,
 *       for one number by one at a time, and never after {@link #close}. They do nothing that
 *       waits, and take no lock; a wait in progress takes part in the change.
 *   <li>{@link #await} is called by one thread, and so are {@link #fd}, {@link #generation}, {@link
 *       #found} and {@link #failure}, about what the last wait returned.
 *   <li>{@link #wake} may be called by any thread until {@link #close}.
 *   <li>{@link #close} is called once, when nobody uses the set any more.
 * </ul>
 *
 * <p>Numbers may be closed, and name other files, at any time. Where the system tells files apart,
 * a report bears the <em>generation</em> with which its file was armed, and what is armed is found
 * out to be another file. One bad number never fails a wait for the others.
 */
public interface OneShotSet extends Capabilities {

  /**
   * Watches the file that a number names, until it is reported once.
   *
   * @param generation comes with the report
   * @param known the events for which the number was armed before, by this method or {@link
   *     #rearm}; 0 if it never was, or was removed since
   * @param events what to report
   * @return false when the number is known to name another file than the one that it was armed for
   *     before
   * @throws SystemCallException EBADF when it is not open, and as the system refuses
   */
  boolean arm(int fd, int generation, int known, int events) throws SystemCallException;

  /**
   * The same, but only if the number still names the file that it was armed for.
   *
   * @return whether it does, as far as can be known
   * @throws SystemCallException as the system refuses
   */
  boolean rearm(int fd, int generation, int known, int events) throws SystemCallException;

  /**
   * Whether a number still names the file that it was armed for, as far as can be known.
   *
   * @param generation the latest with which it was armed
   * @param armed the events that it was armed for then
   */
  boolean names(int fd, int generation, int armed);

  /**
   * What the set may hold under a number, beside the file that it has just been armed for; null
   * where a set has one file of a number at most.
   */
  default @Nullable EarlierFiles earlierFiles(int fd) {
    return null;
  }

  /**
   * Files that a number was armed for before it named another one, and that duplicates may keep in
   * the set: {@link #arm} and {@link #rearm} take one of them, once the number names it again, for
   * the one that is awaited. For whoever works on the number.
   */
  interface EarlierFiles {

    /** Whether there are none any more, as far as is known without a system call. */
    boolean areGone();

    /**
     * Arms the file that the number names, if the set does not have it yet: then it is none of
     * them, nor the one that is awaited.
     *
     * @return whether that is done; false also for an error, which a change will meet, too
     */
    boolean isAdded(int generation, int events);

    /** The number was armed while nobody waited: what it names is the awaited file from now on. */
    void follow();

    /**
     * Looks whether the next change may meet one of them. Of what is no socket that takes as long
     * as the set is large.
     *
     * @param awaited the generation of the file that is awaited
     * @return false when there are none any more
     */
    boolean mayBeMet(int awaited);

    /**
     * Looks which file a change has met, with a new generation, since {@link #mayBeMet} was true;
     * the awaited one where the system does not tell.
     *
     * @param awaited the generation that the file had which is awaited
     */
    Met met(int awaited);
  }

  /** Which file a change has met. */
  enum Met {
    /** The one that is awaited. */
    AWAITED,
    /** Another one of the number. */
    ANOTHER,
    /** The one or the other: one of them was closed at that moment. */
    UNKNOWN
  }

  /** Whether a number may be reported again though it is not armed, until it is removed. */
  default boolean staysOn(int fd) {
    return false;
  }

  /** Forgets a number that is about to be closed. */
  void remove(int fd, int known);

  /**
   * Waits once.
   *
   * @param timeoutNanos negative waits for ever, zero does not wait
   * @return how many reports there are, or {@code -errno}
   * @throws SystemCallException when something else than the wait fails
   */
  int await(long timeoutNanos) throws SystemCallException;

  /** The number of a report; negative for none of those armed. */
  int fd(int index);

  /** The generation of a report. */
  int generation(int index);

  /** What a report found. */
  int found(int index);

  /** Why the system refuses a number that was armed; null for a report of what is ready. */
  default @Nullable SystemCallException failure(int index) {
    return null;
  }

  /** The waiting call and its object, for messages. */
  String waitCall();

  /** What to do about an error of the wait, or null. */
  default @Nullable String waitAdvice(int errno) {
    return null;
  }

  /**
   * Ends the wait in progress, and all that come, perhaps without a report.
   *
   * @throws SystemCallException when the system refuses; then it ends no wait
   */
  void wake() throws SystemCallException;

  /** Releases all descriptors. */
  void close();
}
