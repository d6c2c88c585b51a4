package io.github.selectors4j.channels;

import io.github.selectors4j.HasFileno;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.fileobject.JdkChannels;
import io.github.selectors4j.internal.loading.NativeLibrary;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Objects;

/**
 * Any file object in the JDK's own selectors, and so in the loop of every framework that stands on
 * them: Netty's NIO loops, Vert.x, Jetty.
 *
 * <pre>{@code
 * try (Selector selector = Selector.open();
 *     SelectableChannel stdin = SelectableChannels.of(System.in)) {
 *   stdin.register(selector, SelectionKey.OP_READ);
 *   selector.select(); // beside sockets, if you like
 *   System.in.read(bytes);
 * }
 * }</pre>
 *
 * <p>Such a channel is to wait with: who has waited reads and writes through the file object. The
 * file stays as it was: its blocking mode ({@code O_NONBLOCK}) is not changed, so {@code System.in}
 * goes on working; the channel calls itself non-blocking all the same, as selectors want it, and
 * can't be made blocking.
 *
 * <h2>What becomes ready</h2>
 *
 * <p>{@link SelectionKey#OP_READ} and {@link SelectionKey#OP_WRITE}, as a JDK's selector tells
 * them: an error or a hang-up counts as all that was asked for. A {@code Process} or {@code
 * ProcessHandle} is ready to read when it has ended. The output and error of a child are watched
 * through a duplicate of the channel's own, and are always readable once the JDK has drained them.
 * An {@link io.github.selectors4j.EpollSelector} is readable while it has ready keys.
 *
 * <p>A buffered stream, {@code System.in} and a child's output among them, may hold bytes that no
 * selector can see: read until {@code available()} is 0.
 *
 * <h2>Closing</h2>
 *
 * <p>Closing the channel leaves the file object and its descriptor open, and so does closing the
 * selector. What the channel itself owns, of a child's output or a process, is released when it is
 * closed and the last selector that it was registered with has done its next select, or was closed.
 *
 * <p>The JDK lets go of a descriptor with the select after {@code cancel} or {@code close}, not
 * before. So, first close the channel, then select once ({@code selectNow()}), and only then close
 * the descriptor, or register another channel over the same one. In one selector a descriptor can
 * be registered once: another channel over the same one would never be ready.
 *
 * <p>Any thread may make and close channels; the rest is the selector's to say.
 */
public final class SelectableChannels {

  private SelectableChannels() {}

  /**
   * A channel over a file object that selectors of {@link Selector#open()} take.
   *
   * <p>It takes module {@code jdk.net}: a program that is a module itself has to require it.
   *
   * @param fileobj a file object: see {@link io.github.selectors4j.BaseSelector}
   * @return a new channel, in non-blocking mode, for reading and writing readiness
   * @throws NullPointerException when it is null
   * @throws IllegalArgumentException when it is no file object or has no descriptor, and for a
   *     child's stdin, which the JDK closes unheard when the child ends
   * @throws UnsupportedOperationException when the whole JVM has another {@code SelectorProvider}
   *     than the JDK's, when module {@code jdk.net} is missing or this JDK lacks what it takes, and
   *     for a process where the system has no pidfds (Linux 5.3)
   * @throws SystemCallException when the descriptor is not open (EBADF), or, where the JDK's
   *     selectors stand on epoll, when that refuses it, as it does regular files (EPERM)
   * @throws IOException from {@link HasFileno#fileno()}
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static SelectableChannel of(Object fileobj) throws IOException {
    Objects.requireNonNull(fileobj, "fileobj");
    NativeLibrary.load();
    return JdkChannels.open(fileobj);
  }
}
