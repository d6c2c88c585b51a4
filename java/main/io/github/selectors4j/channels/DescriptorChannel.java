package io.github.selectors4j.channels;

import io.github.selectors4j.HasFileno;
import io.github.selectors4j.internal.fileobject.FileObjects;
import io.github.selectors4j.internal.fileobject.ProcessStreams;
import io.github.selectors4j.internal.fileobject.Processes;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.transferring.Direction;
import io.github.selectors4j.internal.transferring.OpenFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.InterruptibleChannel;
import java.nio.channels.ScatteringByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes what a selector watches: a number from a C library, stdin, a terminal, inotify,
 * a serial line, any file object but a process's.
 *
 * <pre>{@code
 * try (DescriptorChannel inotify = DescriptorChannel.adopt(fd)) {
 *   ByteBuffer events = ByteBuffer.allocateDirect(4096).order(ByteOrder.nativeOrder());
 *   while (inotify.read(events.clear()) > 0) { // waits; a virtual thread may do so, too
 *     handle(events.flip());
 *   }
 * }
 * }</pre>
 *
 * <p>Blocking or not is the channel's own property, true at first: a call that would block waits,
 * or else returns 0. The file's {@code O_NONBLOCK} is neither needed nor touched, for it belongs to
 * all who share the file. So that a call can't block where it is not set, sockets are read and
 * written with {@code MSG_DONTWAIT}, and pipes, eventfds, timerfds and the like with {@code
 * RWF_NOWAIT} (Linux). <strong>Other files</strong> (terminals, named pipes, inotify, signalfd;
 * elsewhere than on Linux all but sockets; a listening socket) are asked by poll(2) whether they
 * are ready, and then called; so are terminals before each read, whether or not {@code O_NONBLOCK}
 * is set, for with VMIN and VTIME 0 they read nothing when there is nothing yet, as at their end
 * (termios(3), "Canonical and noncanonical mode"). Such a call may block all the same, and with it
 * a virtual thread's carrier, when another process takes the bytes first, or the file has less room
 * than poll said; writes to such files go in pieces of at most {@code PIPE_BUF} bytes. Regular
 * files, folders and disks are always ready. How calls are made is settled when the channel is
 * made: clear a file's {@code O_NONBLOCK} later, and calls block that only {@link #close()} ends.
 *
 * <p>Direct buffers go to the system as they are, heap buffers through a direct one that the
 * channel keeps, 64 KiB at a time. Once warm, nothing is allocated. A signal that interrupts a call
 * has it made again. Errors are {@link io.github.selectors4j.SystemCallException}s, also the EIO of
 * a terminal whose other side is gone; what was transferred before is in the buffer's position.
 * Nobody reads what is written to a broken pipe: that is EPIPE, and no signal, for the JVM has a
 * handler for SIGPIPE, and sockets are told not to send it.
 *
 * <p>Any thread may call any method. One thread at a time is in a system call that reads, and one
 * in one that writes; any number may wait. {@link #close()} and an interrupt end what waits, as
 * {@link InterruptibleChannel} says. A thread that is inside a call that blocks is signalled until
 * it is out, as the JDK does it, with a real-time signal ({@code SIGRTMAX - 3}, or one below, the
 * first that nobody has a handler for). {@code close} returns when all are out. On Windows file
 * objects are sockets, and who is inside a call stays there until it is done.
 *
 * <p>{@code java.nio.channels.Channels} makes streams of a channel.
 */
public final class DescriptorChannel
    implements ByteChannel,
        ScatteringByteChannel,
        GatheringByteChannel,
        InterruptibleChannel,
        HasFileno {

  private final OpenFile file;
  private volatile boolean isBlocking = true;

  private DescriptorChannel(OpenFile file) {
    this.file = file;
  }

  /**
   * A channel over the descriptor of a file object, which stays its owner's to close.
   *
   * @param fileobj any file object that a selector takes, but no process and no stream of one
   * @return a new channel, which is blocking
   * @throws IllegalArgumentException when it is no file object or has no descriptor
   * @throws IOException when the descriptor is not open, and from {@link HasFileno#fileno()}
   */
  public static DescriptorChannel of(Object fileobj) throws IOException {
    Objects.requireNonNull(fileobj, "fileobj");
    if (ProcessStreams.isInput(fileobj)
        || ProcessStreams.isOutput(fileobj)
        || Processes.isProcess(fileobj)) {
      throw new IllegalArgumentException(
          FileObjects.describe(fileobj)
              + " can't be read or written past its stream: when the child ends, the JDK takes what"
              + " is left in the pipe, and closes it; use the stream itself");
    }
    return new DescriptorChannel(new OpenFile(FileObjects.descriptor(fileobj), false, fileobj));
  }

  /**
   * A channel that owns a descriptor: {@link #close()} closes it.
   *
   * @param fd the descriptor
   * @return a new channel, which is blocking
   * @throws IllegalArgumentException when the number is negative
   * @throws IOException when it is not open; then it is not owned, either
   */
  public static DescriptorChannel adopt(int fd) throws IOException {
    return new DescriptorChannel(new OpenFile(FileObjects.descriptor(fd), true, null));
  }

  /**
   * Reads once, as read(2).
   *
   * @param dst what to fill from its position on; where it is full, nothing is read
   * @return how many bytes, -1 at the end, or 0: it would block, and the channel does not; of a
   *     datagram socket also that the message was empty
   * @throws IllegalArgumentException when the buffer is read-only
   * @throws java.nio.channels.ClosedChannelException when the channel is closed, and the subclasses
   *     that {@link InterruptibleChannel} names when it is while this waits
   * @throws IOException as the system refuses
   */
  @Override
  public int read(ByteBuffer dst) throws IOException {
    int position = dst.position();
    int length = dst.limit() - position;
    if (dst.isReadOnly()) {
      throw new IllegalArgumentException("read-only buffer");
    }
    file.requireOpen();
    if (length == 0) {
      return 0;
    }
    int count = file.reading.transfer(dst, position, length, isBlocking);
    if (count <= 0) {
      return count == Direction.WOULD_BLOCK || file.hasEmptyMessages ? 0 : -1;
    }
    dst.position(position + count);
    return count;
  }

  /**
   * Writes all that remains, or, if the channel does not block, as much as there is room for.
   *
   * @param src what to write; of a socket for messages it is one message, which may be empty
   * @return how many bytes
   * @throws java.nio.channels.ClosedChannelException when the channel is closed, and the subclasses
   *     that {@link InterruptibleChannel} names when it is while this waits
   * @throws IOException as the system refuses; the buffer's position tells what was written before
   */
  @Override
  public int write(ByteBuffer src) throws IOException {
    int start = src.position();
    int position = start;
    int limit = src.limit();
    boolean blocks = isBlocking;
    boolean isDirect = src.isDirect();
    file.requireOpen();
    if (position == limit && !file.hasMessages) {
      return 0;
    }
    int count;
    int wanted;
    do {
      count = file.writing.transfer(src, position, limit - position, blocks);
      // Only now: the call may have found that this file takes less at once.
      wanted = Math.min(limit - position, file.writing.most(isDirect));
      if (count > 0) {
        position += count;
        src.position(position);
      }
    } while (position < limit && count > 0 && (blocks || count == wanted));
    return position - start;
  }

  /**
   * Reads once into several buffers, one after the other, as readv(2).
   *
   * @param dsts what to fill
   * @param offset the index of the first buffer
   * @param length how many buffers
   * @return as {@link #read(ByteBuffer)}
   * @throws IndexOutOfBoundsException when there are no such buffers
   * @throws IllegalArgumentException when one of them is read-only
   * @throws IOException as {@link #read(ByteBuffer)}
   */
  @Override
  public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, dsts.length);
    long remaining = remaining(dsts, offset, length);
    for (int i = offset; i < offset + length; i++) {
      if (dsts[i].isReadOnly()) {
        throw new IllegalArgumentException("read-only buffer");
      }
    }
    file.requireOpen();
    if (remaining == 0) {
      return 0;
    }
    int count = file.reading.transfer(dsts, offset, length, isBlocking);
    return count > 0 ? count : count == Direction.WOULD_BLOCK || file.hasEmptyMessages ? 0 : -1;
  }

  /**
   * Reads once into all of these buffers.
   *
   * @param dsts what to fill
   * @return as {@link #read(ByteBuffer)}
   * @throws IllegalArgumentException when one of them is read-only
   * @throws IOException as {@link #read(ByteBuffer)}
   */
  @Override
  public long read(ByteBuffer[] dsts) throws IOException {
    return read(dsts, 0, dsts.length);
  }

  /**
   * Writes what remains in several buffers, one after the other, as writev(2).
   *
   * @param srcs what to write
   * @param offset the index of the first buffer
   * @param length how many buffers
   * @return as {@link #write(ByteBuffer)}
   * @throws IndexOutOfBoundsException when there are no such buffers
   * @throws IOException as {@link #write(ByteBuffer)}
   */
  @Override
  public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, srcs.length);
    long remaining = remaining(srcs, offset, length);
    boolean blocks = isBlocking;
    file.requireOpen();
    if (remaining == 0 && !file.hasMessages) {
      return 0;
    }
    long left = remaining;
    int count;
    do {
      count = file.writing.transfer(srcs, offset, length, blocks);
      left -= Math.max(count, 0);
    } while (left > 0 && count > 0);
    return remaining - left;
  }

  /**
   * Writes what remains in all of these buffers.
   *
   * @param srcs what to write
   * @return as {@link #write(ByteBuffer)}
   * @throws IOException as {@link #write(ByteBuffer)}
   */
  @Override
  public long write(ByteBuffer[] srcs) throws IOException {
    return write(srcs, 0, srcs.length);
  }

  private static long remaining(ByteBuffer[] buffers, int offset, int length) {
    long remaining = 0;
    for (int i = offset; i < offset + length; i++) {
      remaining += buffers[i].remaining();
    }
    return remaining;
  }

  /**
   * Whether a call that would block waits.
   *
   * @return true unless {@link #configureBlocking} was told otherwise
   */
  public boolean isBlocking() {
    return isBlocking;
  }

  /**
   * Has calls that would block wait, or return. It is a matter of this channel alone; calls in
   * progress go on as they began.
   *
   * @param block whether they wait
   * @return this channel
   * @throws java.nio.channels.ClosedChannelException when the channel is closed
   * @throws IOException never, otherwise
   */
  public DescriptorChannel configureBlocking(boolean block) throws IOException {
    file.requireOpen();
    isBlocking = block;
    return this;
  }

  /**
   * Accepts a connection to a listening socket, as accept(2).
   *
   * @return a new channel, which owns the connection, close-on-exec, and is blocking; null when
   *     there is none and this channel does not block
   * @throws java.nio.channels.ClosedChannelException when the channel is closed, and the subclasses
   *     that {@link InterruptibleChannel} names when it is while this waits
   * @throws IOException as the system refuses, as for what is no listening socket
   */
  public @Nullable DescriptorChannel accept() throws IOException {
    file.requireOpen();
    int accepted = file.reading.accept(isBlocking);
    return accepted == Direction.WOULD_BLOCK ? null : own(accepted);
  }

  /**
   * A duplicate, as dup(2): another descriptor of the same file, close-on-exec.
   *
   * @return a new channel, which owns it, and is blocking
   * @throws java.nio.channels.ClosedChannelException when the channel is closed
   * @throws IOException as the system refuses, for want of descriptors for example
   */
  public DescriptorChannel duplicate() throws IOException {
    return own(file.duplicate());
  }

  private static DescriptorChannel own(int fd) throws IOException {
    try {
      return adopt(fd);
    } catch (IOException | RuntimeException | Error e) {
      Descriptors.close(fd);
      throw e;
    }
  }

  /**
   * The descriptor, with which a selector watches this channel.
   *
   * @return the number
   * @throws java.nio.channels.ClosedChannelException when the channel is closed
   */
  @Override
  public int fileno() throws IOException {
    return file.fileno();
  }

  /**
   * Whether neither {@link #close()} was called nor an interrupt closed this.
   *
   * @return false from then on
   */
  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  /**
   * Has all threads leave their calls and waits, which throw {@code AsynchronousCloseException},
   * and closes the descriptor if the channel owns it. Later calls do nothing.
   *
   * @throws IOException as close(2) reports it; the channel is closed all the same
   */
  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Names the descriptor, or says that the channel is closed. */
  @Override
  public String toString() {
    return "DescriptorChannel[" + (isOpen() ? "fd " + file.fd : "closed") + "]";
  }
}
