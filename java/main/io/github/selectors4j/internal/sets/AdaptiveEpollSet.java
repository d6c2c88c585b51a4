package io.github.selectors4j.internal.sets;

import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.selecting.SelectLoop;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.EpollRefusal;
import io.github.selectors4j.internal.system.EpollShim;
import io.github.selectors4j.internal.system.Errno;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An epoll set that asks for keys which stay ready by poll(2), which takes two thirds of the time
 * for each. Such a key is <em>hot</em>: the kernel's set is silent of it. A wait asks for the hot
 * ones first, without waiting, and then the set for the others, if there are others. Of all this
 * nothing is to be seen but speed:
 *
 * <ul>
 *   <li><b>Changes from other threads:</b> a key that is modified or unregistered is no longer hot
 *       at once, by the one change that the kernel's set needs anyway. Nobody waits in poll, so
 *       there is nobody to tell.
 *   <li><b>The pass:</b> what poll found is handed out as the key stands by then, by its
 *       generation. What both calls found, as of a key that was changed between them, is handed out
 *       once, and so is what a handler that throws leaves over of either.
 *   <li><b>Waiting:</b> before a wait that may block, all go back to the set; so timeouts,
 *       wake-ups, interrupts, signals and the selector's end are the plain set's, and none of its
 *       rules is new.
 *   <li><b>A closed number</b> is reported as poll does it, on every call until it is unregistered,
 *       as long as it is hot; so is one that names another file by now, which the set then watches
 *       in place of the first, with a generation of its own.
 *   <li><b>{@code fileno()}:</b> who watches the set would not hear of hot keys. So there are none
 *       any more once it was called.
 *   <li><b>Polls that take an event away:</b> only pipes and sockets are ever hot, whose polls do
 *       not, and no key for PRIORITY is. The set itself is not polled, but waited for, so that what
 *       it holds does not matter. The input of a child, whose number the JDK may close at any time,
 *       is not hot either.
 *   <li><b>HANGUP</b>, errors and hang-ups are asked for by poll by the same bits. The kernel's set
 *       can't be kept from reporting the latter two, but from repeating them.
 *   <li><b>A set that is replaced</b> is silent of nothing: all go back before.
 * </ul>
 */
public final class AdaptiveEpollSet extends EpollSet {

  /** How long to wait at most while a key can't go back. */
  private static final long RETRY_NANOS = 1_000_000;

  private final Promotion promotion;

  /** How many keys that are ready are worth its attention. */
  private final int fewest;

  /** Made when there is a first one, by the selecting thread with the lock held. */
  private @Nullable HotKeys hot;

  /** Whether none may become hot any more. With the lock held. */
  private boolean off;

  /** Whether some keys are not hot. Written with the lock held. */
  private volatile boolean isAnyCold;

  // What the last wait found, and is not handed out yet. For the selecting thread only.
  private int polled;
  private int waited;

  /** Whether the last wait was one that the promotion counts. The same. */
  private boolean counted;

  private AdaptiveEpollSet(SelectLoop loop, Promotion promotion) throws SystemCallException {
    super(loop);
    this.promotion = promotion;
    fewest = promotion.fewest();
  }

  /**
   * Opens a set, adaptive unless the system property says otherwise.
   *
   * @throws UnsupportedOperationException when the platform lacks epoll
   * @throws IllegalArgumentException when the property's value is none that it may have
   * @throws SystemCallException when the system refuses, as for want of descriptors
   */
  public static EpollSet open(SelectLoop loop) throws SystemCallException {
    Promotion promotion = Promotion.chosen();
    return promotion == null ? new EpollSet(loop) : new AdaptiveEpollSet(loop, promotion);
  }

  @Override
  public int front() throws SystemCallException {
    off = true;
    HotKeys hot = this.hot;
    if (hot != null) {
      SystemCallException scarce = hot.giveBack(false);
      if (scarce != null) {
        throw EpollRefusal.unwatchable(scarce);
      }
      // What is closed can't go back: it is forgotten, as epoll does it.
      hot.clear();
      noteCold();
    }
    return super.front();
  }

  @Override
  public void add(int fd, int generation, int events) throws SystemCallException {
    super.add(fd, generation, events);
    isAnyCold = true;
  }

  @Override
  public int change(int fd, int generation, int from, int to) throws SystemCallException {
    int inForce = super.change(fd, generation, from, to);
    HotKeys hot = this.hot;
    if (from != to || inForce != generation) {
      forgetHot(fd);
    } else if (hot != null) {
      hot.release(fd);
    }
    return inForce;
  }

  @Override
  public void remove(int fd, int events) {
    super.remove(fd, events);
    forgetHot(fd);
  }

  @Override
  public void forget(int fd, int events) {
    super.forget(fd, events);
    forgetHot(fd);
  }

  private void forgetHot(int fd) {
    HotKeys hot = this.hot;
    if (hot != null) {
      hot.remove(fd);
    }
    noteCold();
  }

  /**
   * By what is registered, of which the set may lack some: then it is asked for nothing at worst,
   * where a count of its own that is one too low would have it not asked for what it has.
   */
  private void noteCold() {
    HotKeys hot = this.hot;
    isAnyCold = hot == null || registrations.size() > hot.size();
  }

  @Override
  public int await(long timeoutNanos) {
    HotKeys hot = this.hot;
    polled = 0;
    if (hot != null && hot.any()) {
      return awaitHot(hot, timeoutNanos);
    }
    waited = super.await(timeoutNanos);
    if (waited == 0) {
      beginAnew();
    }
    return waited;
  }

  private int awaitHot(HotKeys hot, long timeoutNanos) {
    int found = hot.poll();
    if (found == -Errno.EINTR) {
      return found;
    }
    long timeout = found > 0 ? 0 : timeoutNanos;
    if (promotion.isReviewDueAfterPoll(Math.max(found, 0)) || timeout != 0 || found < 0) {
      review(hot, found, timeout != 0);
      timeout = timeout != 0 && hot.any() ? limit(hot, timeout) : timeout;
    }
    polled = Math.max(found, 0);
    waited = 0;
    if (polled == 0 || isAnyCold) {
      do {
        waited = super.await(timeout);
      } while (waited == -Errno.EINTR && polled > 0);
    }
    return waited < 0 ? waited : polled + waited;
  }

  /** A wait for others must not be long while some can't go back, though they may be ready. */
  private static long limit(HotKeys hot, long timeoutNanos) {
    boolean isLong = timeoutNanos < 0 || timeoutNanos > RETRY_NANOS;
    return isLong && hot.isAnyLeft() ? RETRY_NANOS : timeoutNanos;
  }

  /** Has those go back that are not ready, or all. */
  private void review(HotKeys hot, int found, boolean isToBlock) {
    loop.lock.lock();
    try {
      // A system that takes no more than so many will not next time either.
      off |= found < 0;
      if (off || isToBlock || promotion.isTooFew(found)) {
        hot.giveBack(false);
      } else if (found < hot.size()) {
        hot.giveBack(true);
      }
      noteCold();
    } finally {
      loop.lock.unlock();
    }
  }

  @Override
  void replacing() {
    HotKeys hot = this.hot;
    if (hot != null) {
      hot.giveBack(false);
      noteCold();
    }
  }

  @Override
  public int complete(int found) {
    if (waited > 0) {
      waited = super.complete(waited);
      HotKeys hot = this.hot;
      if (hot != null && hot.any()) {
        polled -= hot.tellOnce(found(), waited);
      }
      if (polled + waited < fewest) {
        beginAnew();
      } else {
        counted = true;
        if (promotion.isDueAfter(found(), waited, polled)) {
          promote();
        }
      }
    }
    return polled + waited;
  }

  /** A wait has found nothing, or too little: no key was ready in all waits up to now. */
  private void beginAnew() {
    if (counted) {
      counted = false;
      promotion.beginAnew();
    }
  }

  private void promote() {
    loop.lock.lock();
    try {
      EpollShim.Events events = found();
      HotKeys hot = hot();
      int promoted = 0;
      for (int i = 0; i < waited && !off; i++) {
        long data = events.data(i);
        if (promotion.isSteady((int) data) && isPromoted(hot, data)) {
          promoted++;
        }
      }
      promotion.pay(promoted);
      noteCold();
    } finally {
      loop.lock.unlock();
    }
  }

  private HotKeys hot() {
    HotKeys made = hot;
    if (made == null) {
      made = new HotKeys(loop, control);
      hot = made;
    }
    return made;
  }

  private boolean isPromoted(HotKeys hot, long data) {
    int fd = (int) data;
    SelectorKey key = watching(data);
    return key != null
        && key.fd() == fd
        && (key.events() & Events.PRIORITY) == 0
        && isPipeOrSocket(fd)
        && hot.add(key, EpollControl.generation(data));
  }

  private static boolean isPipeOrSocket(int fd) {
    int kind = Descriptors.kind(fd);
    return kind == Descriptors.PIPE || kind == Descriptors.SOCKET;
  }

  @Override
  public void close() {
    super.close();
    hot = null;
  }

  @Override
  public int handOut(int found, ReadyHandler handler) throws IOException {
    int handedOut = 0;
    HotKeys hot = this.hot;
    if (polled > 0 && hot != null) {
      handedOut = hot.handOut(polled, handler);
      polled = 0;
    }
    return waited > 0 ? handedOut + super.handOut(waited, handler) : handedOut;
  }
}
