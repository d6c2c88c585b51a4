package io.github.selectors4j.internal.transferring;

import io.github.selectors4j.internal.Events;
import io.github.selectors4j.internal.awaiting.Waiting;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.Errno;
import io.github.selectors4j.internal.system.IoShim;
import io.github.selectors4j.internal.system.SystemCalls;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor and its life. {@link #close} and an interrupt have all threads leave their calls and
 * waits, and only then is the number released: no call ever meets a number that is another file's.
 */
public final class OpenFile extends AbstractInterruptibleChannel {

  /** A signal is lost on who is on the way into its call: it is sent again. */
  private static final long LONGEST_PAUSE_MILLIS = 20;

  public final int fd;

  /** Whether the number is closed with this. */
  private final boolean isOwned;

  /** Keeps a borrowed file from being closed by the garbage collector. */
  @SuppressWarnings("unused")
  private final @Nullable Object fileobj;

  /** How its calls are made. */
  final boolean isSocket;

  /** Whether each call takes a message, and splitting one would make two. */
  public final boolean hasMessages;

  /** Whether a message may be empty, and reading nothing is not the end. */
  public final boolean hasEmptyMessages;

  /**
   * A file of a file system, or a disk: poll(2) calls it ready, and all calls wait for the disk.
   */
  final boolean isAlwaysReady;

  /** Whether O_NONBLOCK was set. */
  final boolean isNonBlocking;

  /** Whether it may be a terminal, which may read nothing though that is not its end. */
  final boolean isCharacterDevice;

  /** Guards what follows; who waits for a turn or for all to be over waits for it. */
  final Object lock = new Object();

  public final Direction reading;
  public final Direction writing;

  private final Waiting waiting;
  private int waiters;

  /** A file that is open. */
  public OpenFile(int fd, boolean isOwned, @Nullable Object fileobj) throws IOException {
    IoShim.require();
    Descriptors.requireWaitable(fd);
    this.fd = fd;
    waiting = new Waiting(fd);
    this.isOwned = isOwned;
    this.fileobj = fileobj;
    int socketType = IoShim.socketType(fd);
    int kind = socketType < 0 ? Descriptors.kind(fd) : 0;
    isSocket = socketType >= 0;
    hasMessages = isSocket && socketType != IoShim.SOCK_STREAM;
    hasEmptyMessages = isSocket && socketType == IoShim.SOCK_DGRAM;
    isAlwaysReady =
        kind != 0
            && (kind == Descriptors.REGULAR_FILE
                || kind == Descriptors.DIRECTORY
                || kind == Descriptors.BLOCK_DEVICE);
    isCharacterDevice = kind == Descriptors.CHARACTER_DEVICE;
    isNonBlocking = Descriptors.isNonBlocking(fd);
    reading = new Direction(this, Events.READ);
    writing = new Direction(this, Events.WRITE);
  }

  /** The number. */
  public int fileno() throws ClosedChannelException {
    requireOpen();
    return fd;
  }

  public void requireOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }

  /** A duplicate, the caller's to close. */
  public int duplicate() throws IOException {
    synchronized (lock) {
      requireOpen();
      return SystemCalls.check(Descriptors.duplicate(fd), Descriptors.describeDuplicate(fd));
    }
  }

  /** From here on, and if the thread is interrupted already, an interrupt closes this. */
  void begin(boolean isInterruptible) {
    if (isInterruptible) {
      begin();
    }
  }

  /** From here on it does not; throws if one did, or if the file was closed meanwhile. */
  void end(boolean isInterruptible, boolean isComplete) throws AsynchronousCloseException {
    if (isInterruptible) {
      end(isComplete);
    }
  }

  /** Waits until the file is ready. */
  void await(int events) throws IOException {
    begin();
    try {
      enter();
      try {
        waiting.await(events);
      } finally {
        leave();
      }
    } finally {
      end(false);
    }
  }

  private void enter() throws AsynchronousCloseException {
    synchronized (lock) {
      if (!isOpen()) {
        throw new AsynchronousCloseException();
      }
      waiters++;
    }
  }

  private void leave() {
    synchronized (lock) {
      waiters--;
      if (!isOpen()) {
        lock.notifyAll();
      }
    }
  }

  /** Nobody begins a call any more. */
  @Override
  protected void implCloseChannel() throws IOException {
    boolean isInterrupted = false;
    synchronized (lock) {
      long pause = 1;
      while (isInUse()) {
        try {
          lock.wait(pause);
        } catch (InterruptedException e) {
          isInterrupted = true;
        }
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
    if (isOwned) {
      int result = Descriptors.close(fd);
      if (result != -Errno.EINTR) {
        SystemCalls.check(result, "close(fd " + fd + ")");
      }
    }
  }

  /** Whether a thread is in a call or a wait, which it is told to leave. */
  private boolean isInUse() {
    boolean isReading = reading.turn.isHeld();
    boolean isWriting = writing.turn.isHeld();
    if (waiters > 0) {
      waiting.end();
    }
    reading.turn.interrupt();
    writing.turn.interrupt();
    return isReading || isWriting || waiters > 0;
  }
}
