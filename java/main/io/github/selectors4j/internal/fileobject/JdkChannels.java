package io.github.selectors4j.internal.fileobject;

import io.github.selectors4j.HasFileno;
import io.github.selectors4j.SystemCallException;
import io.github.selectors4j.internal.system.Descriptors;
import io.github.selectors4j.internal.system.EpollRefusal;
import io.github.selectors4j.internal.system.EpollShim;
import io.github.selectors4j.internal.system.SystemCalls;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.channels.SelectableChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import jdk.nio.Channels;
import org.jspecify.annotations.Nullable;

/** Channels of the JDK's own, which its selectors take, over the descriptors of file objects. */
public final class JdkChannels {

  private static final int EPOLLIN = EpollShim.value("EPOLLIN");

  private static final String INSTEAD = ": register it with a BaseSelector";

  private JdkChannels() {}

  /**
   * A channel to wait with; closing it leaves the file object's descriptor open.
   *
   * @throws IllegalArgumentException when it is no file object or has no descriptor, and for a
   *     child's input
   * @throws UnsupportedOperationException where the JDK does not make such channels, and for a
   *     process where there are no pidfds
   * @throws IOException from {@link HasFileno#fileno()}, and as the system refuses
   */
  public static SelectableChannel open(Object fileobj) throws IOException {
    if (ProcessStreams.isOutput(fileobj)) {
      throw new IllegalArgumentException(
          FileObjects.describe(fileobj)
              + " is a child's stdin: the JDK closes it when the child ends, and its selectors would"
              + " not hear of that"
              + INSTEAD);
    }
    requireMembers(fileobj);
    Watched watched = Watched.of(fileobj);
    try {
      requireWaitable(fileobj, watched.fd());
      return open(fileobj, watched);
    } catch (Throwable t) {
      if (watched.isOwned()) {
        Descriptors.close(watched.fd());
      }
      throw t;
    }
  }

  private static void requireMembers(Object fileobj) {
    List<JdkMember> missing =
        Stream.of(JdkMembers.DESCRIPTOR_NUMBER, JdkMembers.CHANNEL_IS_NON_BLOCKING)
            .filter(member -> !member.isPresent())
            .toList();
    if (!missing.isEmpty()) {
      throw unsupported(fileobj, NoDescriptor.missing(missing), null);
    }
  }

  /** The JDK ignores what epoll_ctl(2) says, and would wait for ever for what that refuses. */
  private static void requireWaitable(Object fileobj, int fd) throws SystemCallException {
    try {
      // Before a set is opened, which could get just that number.
      Descriptors.requireWaitable(fd);
      if (EpollShim.isPresent()) {
        requireTakenByEpoll(fd);
      }
    } catch (SystemCallException e) {
      throw FileObjects.explained(
          e, fileobj, fd, EpollRefusal.meaning(e.errno(), fd), EpollRefusal.advice(e.errno(), fd));
    }
  }

  private static void requireTakenByEpoll(int fd) throws SystemCallException {
    int set = EpollShim.open();
    try {
      SystemCalls.check(
          EpollShim.control(set, EpollShim.ADD, fd, EPOLLIN, fd),
          EpollShim.describe(EpollShim.ADD, fd));
    } finally {
      Descriptors.close(set);
    }
  }

  private static SelectableChannel open(Object fileobj, Watched watched) {
    try {
      return JdkNet.open(fileobj, watched);
    } catch (NoClassDefFoundError e) {
      throw unsupported(
          fileobj,
          "module jdk.net is missing: require it in your module-info.java, or give java or jlink"
              + " --add-modules jdk.net; or else",
          e);
    } catch (UnsupportedOperationException e) {
      throw unsupported(
          fileobj,
          "this JVM has a SelectorProvider of its own, "
              + SelectorProvider.provider().getClass().getName()
              + ", and the JDK makes such channels for its own selectors alone",
          e);
    }
  }

  private static UnsupportedOperationException unsupported(
      Object fileobj, String why, @Nullable Throwable cause) {
    return new UnsupportedOperationException(
        "no SelectableChannel can be made of "
            + FileObjects.describe(fileobj)
            + ", for "
            + why
            + INSTEAD,
        cause);
  }

  /** All that takes the module jdk.net, which need not be there. */
  private static final class JdkNet {

    private JdkNet() {}

    static SelectableChannel open(Object fileobj, Watched watched) {
      FileDescriptor descriptor = new FileDescriptor();
      JdkMembers.DESCRIPTOR_NUMBER.setInt(descriptor, watched.fd());
      SelectableChannel channel =
          Channels.readWriteSelectableChannel(descriptor, new Closer(fileobj, watched));
      // It has taken the number by now. Without it, configureBlocking can't change O_NONBLOCK,
      // which
      // is everybody's who shares the file.
      JdkMembers.DESCRIPTOR_NUMBER.setInt(descriptor, FileObjects.NONE);
      JdkMembers.CHANNEL_IS_NON_BLOCKING.setTrue(channel);
      return channel;
    }
  }

  /**
   * Releases what is the channel's own once it is closed and no selector has it any more. Close and
   * the last selector may each see that it is so.
   */
  private static final class Closer implements Channels.SelectableChannelCloser {

    private final Object fileobj;
    private final int fd;
    private final AtomicBoolean isReleased;

    Closer(Object fileobj, Watched watched) {
      this.fileobj = fileobj;
      fd = watched.fd();
      isReleased = new AtomicBoolean(!watched.isOwned());
    }

    @Override
    public void implCloseChannel(SelectableChannel channel) {
      try {
        if (!channel.isRegistered()) {
          release();
        }
      } finally {
        // Collected as garbage, a stream would close the descriptor while the channel is in use.
        Reference.reachabilityFence(fileobj);
      }
    }

    @Override
    public void implReleaseChannel(SelectableChannel channel) {
      release();
    }

    private void release() {
      if (isReleased.compareAndSet(false, true)) {
        Descriptors.close(fd);
      }
    }
  }
}
