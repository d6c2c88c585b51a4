package io.github.selectors4j.bench;

import io.netty.channel.epoll.EpollEventArray;
import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.collection.IntObjectHashMap;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * What an event loop of Netty's epoll transport does: its wait, and a look-up in its map for each
 * event. These methods are Netty's own; as constant handles they are compiled like calls.
 */
final class NettyWait implements Contender {

  private static final MethodHandle ARRAY;
  private static final MethodHandle WAIT;
  private static final MethodHandle FD;
  private static final MethodHandle EVENTS;
  private static final MethodHandle FREE;

  static {
    try {
      Class<?> type = EpollEventArray.class;
      MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
      MethodType ofIndex = MethodType.methodType(int.class, int.class);
      ARRAY = lookup.findConstructor(type, MethodType.methodType(void.class, int.class));
      WAIT =
          lookup.findStatic(
              Native.class,
              "epollWait",
              MethodType.methodType(
                  int.class, FileDescriptor.class, EpollEventArray.class, boolean.class));
      FD = lookup.findVirtual(type, "fd", ofIndex);
      EVENTS = lookup.findVirtual(type, "events", ofIndex);
      FREE = lookup.findVirtual(type, "free", MethodType.methodType(void.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private record Registration(int fd) {}

  private final FileDescriptor epoll = Native.newEpollCreate();
  private final IntObjectHashMap<Registration> registrations = new IntObjectHashMap<>();
  private final EpollEventArray events;
  private final int ready;
  private long sum;

  NettyWait(Watched watched, int ready) throws Exception {
    this.ready = ready;
    events = array(Math.max(watched.count(), 4096)); // Netty's own is as large from the start
    int interest = watched.isForWriting() ? Native.EPOLLOUT : Native.EPOLLIN;
    for (int fd : watched.descriptors()) {
      Native.epollCtlAdd(epoll.intValue(), fd, interest);
      registrations.put(fd, new Registration(fd));
    }
  }

  @Override
  public long take(int turns) throws Exception {
    long all = 0;
    long start = System.nanoTime();
    for (int turn = 0; turn < turns; turn++) {
      int found = await();
      for (int i = 0; i < found; i++) {
        handle(i);
      }
      all += found;
    }
    return Contender.elapsed(start, all, (long) turns * ready);
  }

  @Override
  public void close() throws IOException {
    epoll.close();
    try {
      FREE.invokeExact(events);
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }

  private static EpollEventArray array(int length) {
    try {
      return (EpollEventArray) ARRAY.invokeExact(length);
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }

  private int await() throws IOException {
    try {
      return (int) WAIT.invokeExact(epoll, events, true);
    } catch (IOException e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }

  private void handle(int index) {
    try {
      Registration registration = registrations.get((int) FD.invokeExact(events, index));
      sum += registration.fd + (int) EVENTS.invokeExact(events, index);
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }
}
