package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_PRIORITY;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reports what is mounted and unmounted, and when memory is short, or the processors or disks are:
 * what the kernel tells by an exceptional condition of a file in /proc. For Linux.
 */
public final class WatchSystem {
  /** When tasks were held up for 150 ms within 2 s, the window that who is not root may have. */
  private static final String TRIGGER = "some 150000 2000000\0";

  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

  private Map<String, String> mounted = Map.of();

  private WatchSystem() {}

  public static void main(String[] args) throws IOException {
    if (args.length > 1 || args.length > 0 && !args[0].matches("memory|cpu|io")) {
      System.err.println("usage: WatchSystem [memory|cpu|io]");
      System.exit(2);
    }
    String resource = args.length > 0 ? args[0] : "memory";
    WatchSystem watch = new WatchSystem();
    try (BaseSelector selector = DefaultSelector.open();
        FileInputStream mounts = new FileInputStream(MOUNTS.toFile());
        RandomAccessFile pressure = new RandomAccessFile("/proc/pressure/" + resource, "rw")) {
      pressure.write(TRIGGER.getBytes(US_ASCII)); // before it is registered, or epoll never hears
      ReadyHandler onShortage = (key, events) -> System.out.println(resource + " is short");
      selector.register(pressure, EVENT_PRIORITY, onShortage);
      selector.register(mounts, EVENT_PRIORITY, (ReadyHandler) watch::report);
      watch.mounted = mounted(); // after it is registered, so that no change is missed
      System.out.println("Watching mounts and " + resource + ", stop with Ctrl-C");
      while (true) {
        selector.select(null, (key, events) -> ((ReadyHandler) key.data()).ready(key, events));
      }
    }
  }

  private void report(SelectorKey key, int events) throws IOException {
    Map<String, String> before = mounted;
    mounted = mounted();
    before.forEach((id, point) -> print("unmounted ", mounted.containsKey(id) ? null : point));
    mounted.forEach((id, point) -> print("mounted ", before.containsKey(id) ? null : point));
  }

  private static void print(String what, String point) {
    if (point != null) {
      System.out.println(what + point);
    }
  }

  /** The mount points, by the number of the mount: see proc(5). */
  private static Map<String, String> mounted() throws IOException {
    Map<String, String> points = new TreeMap<>();
    for (String line : Files.readAllLines(MOUNTS)) {
      String[] fields = line.split(" ");
      points.put(fields[0], fields[4]);
    }
    return points;
  }
}
