package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.channels.DescriptorChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Reports what happens to the files of a folder, and once a second how much that was: inotify
 * beside a timerfd, descriptors that no class of the JDK makes. JNA makes them, in place of any
 * library that hands out a descriptor; a channel reads them. For Linux.
 */
public final class WatchFiles {
  /** What {@code <sys/inotify.h>} and {@code <sys/timerfd.h>} declare. */
  interface C extends Library {
    C LIBRARY = Native.load("c", C.class);

    int IN_CLOEXEC = 0x80000;
    int IN_ISDIR = 0x40000000;
    int CLOCK_MONOTONIC = 1;
    int TFD_CLOEXEC = 0x80000;

    int inotify_init1(int flags) throws LastErrorException;

    int inotify_add_watch(int fd, String path, int mask) throws LastErrorException;

    int timerfd_create(int clock, int flags) throws LastErrorException;

    /** The times are seconds and nanoseconds, of the interval and then of the first expiry. */
    int timerfd_settime(int fd, int flags, NativeLong[] time, NativeLong[] oldTime)
        throws LastErrorException;
  }

  /** IN_CLOSE_WRITE, IN_MOVED_FROM, IN_MOVED_TO, IN_CREATE and IN_DELETE. */
  private static final Map<Integer, String> CHANGES =
      Map.ofEntries(
          Map.entry(0x8, "written"),
          Map.entry(0x40, "moved away"),
          Map.entry(0x80, "moved here"),
          Map.entry(0x100, "created"),
          Map.entry(0x200, "deleted"));

  private static final int MASK = CHANGES.keySet().stream().reduce(0, (a, b) -> a | b);

  private static final NativeLong[] EVERY_SECOND = {
    new NativeLong(1), new NativeLong(0), new NativeLong(1), new NativeLong(0)
  };

  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(4096).order(ByteOrder.nativeOrder()); // no byte is copied
  private int changes;

  private WatchFiles() {}

  public static void main(String[] args) throws IOException {
    if (args.length > 1 || args.length > 0 && !Files.isDirectory(Path.of(args[0]))) {
      System.err.println("usage: WatchFiles [FOLDER]");
      System.exit(2);
    }
    String folder = args.length > 0 ? args[0] : ".";
    WatchFiles watch = new WatchFiles();
    int inotify = C.LIBRARY.inotify_init1(C.IN_CLOEXEC);
    int timerfd = C.LIBRARY.timerfd_create(C.CLOCK_MONOTONIC, C.TFD_CLOEXEC);
    try (BaseSelector selector = DefaultSelector.open();
        DescriptorChannel changes = DescriptorChannel.adopt(inotify);
        DescriptorChannel timer = DescriptorChannel.adopt(timerfd)) {
      C.LIBRARY.inotify_add_watch(inotify, folder, MASK);
      C.LIBRARY.timerfd_settime(timerfd, 0, EVERY_SECOND, null);
      selector.register(changes, EVENT_READ, (ReadyHandler) watch::report);
      selector.register(timer, EVENT_READ, (ReadyHandler) watch::sumUp);
      System.out.println("Watching " + folder + ", stop with Ctrl-C");
      while (true) {
        selector.select(null, (key, events) -> ((ReadyHandler) key.data()).ready(key, events));
      }
    }
  }

  private void report(SelectorKey inotify, int events) throws IOException {
    ((DescriptorChannel) inotify.fileobj()).read(buffer.clear());
    buffer.flip();
    while (buffer.hasRemaining()) { // struct inotify_event
      buffer.getInt(); // wd
      int mask = buffer.getInt();
      buffer.getInt(); // cookie
      byte[] name = new byte[buffer.getInt()];
      buffer.get(name);
      changes++;
      String change = CHANGES.getOrDefault(mask & ~C.IN_ISDIR, "lost track");
      System.out.println(change + " " + new String(name, UTF_8).replace("\0", ""));
    }
  }

  private void sumUp(SelectorKey timer, int events) throws IOException {
    ((DescriptorChannel) timer.fileobj()).read(buffer.clear()); // how often it has expired
    if (changes > 0) {
      System.out.println("changes in the last second: " + changes);
      changes = 0;
    }
  }
}
