package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import java.io.IOException;

/**
 * Prints which names come to the D-Bus of this session and which leave it, through libsystemd's
 * sd-bus.
 */
public final class WatchBus {
  /** What {@code <systemd/sd-bus.h>} declares. */
  interface Systemd extends Library {
    Systemd LIBRARY = Native.load("libsystemd.so.0", Systemd.class);

    int POLLIN = 1;
    int POLLOUT = 4;

    interface MessageHandler extends Callback {
      int handle(Pointer message, Pointer argument, Pointer error);
    }

    int sd_bus_open_user(PointerByReference bus);

    int sd_bus_match_signal(
        Pointer bus,
        Pointer slot,
        String sender,
        String path,
        String type,
        String member,
        MessageHandler handler,
        Pointer argument);

    int sd_bus_message_read(Pointer message, String types, Object... values);

    int sd_bus_get_fd(Pointer bus);

    int sd_bus_get_events(Pointer bus);

    int sd_bus_get_timeout(Pointer bus, LongByReference micros);

    int sd_bus_process(Pointer bus, Pointer message);
  }

  private final Systemd systemd = Systemd.LIBRARY;
  private final BaseSelector selector;
  private final Pointer bus;
  // libsystemd holds it by its address; without the field it would be collected.
  private final Systemd.MessageHandler handler = this::report;

  private WatchBus(BaseSelector selector) throws IOException {
    this.selector = selector;
    PointerByReference opened = new PointerByReference();
    check("sd_bus_open_user", systemd.sd_bus_open_user(opened));
    bus = opened.getValue();
  }

  public static void main(String[] args) throws IOException {
    if (args.length > 0) {
      System.err.println("usage: WatchBus");
      System.exit(2);
    }
    try (BaseSelector selector = DefaultSelector.open()) {
      new WatchBus(selector).run();
    }
  }

  private void run() throws IOException {
    String sender = "org.freedesktop.DBus";
    check(
        "sd_bus_match_signal",
        systemd.sd_bus_match_signal(
            bus, null, sender, "/org/freedesktop/DBus", sender, "NameOwnerChanged", handler, null));
    System.out.println("Watching the bus, stop with Ctrl-C");
    while (true) {
      while (check("sd_bus_process", systemd.sd_bus_process(bus, null)) > 0) {
        // one message a call; what else it has read, no selector sees
      }
      watch();
      selector.selectNanos(nanosToTimeout(), (key, events) -> {});
    }
  }

  /** What it waits for may be other events each time. */
  private void watch() throws IOException {
    int fd = check("sd_bus_get_fd", systemd.sd_bus_get_fd(bus));
    int polled = check("sd_bus_get_events", systemd.sd_bus_get_events(bus));
    int events = (polled & Systemd.POLLIN) != 0 ? EVENT_READ : 0;
    events |= (polled & Systemd.POLLOUT) != 0 ? EVENT_WRITE : 0;
    if (selector.isRegistered(fd)) {
      selector.modify(fd, events);
    } else {
      selector.register(fd, events);
    }
  }

  /** It is a time of CLOCK_MONOTONIC, as System.nanoTime() is on Linux. */
  private long nanosToTimeout() throws IOException {
    LongByReference micros = new LongByReference();
    check("sd_bus_get_timeout", systemd.sd_bus_get_timeout(bus, micros));
    long never = -1; // UINT64_MAX
    return micros.getValue() == never
        ? Long.MAX_VALUE
        : micros.getValue() * 1000 - System.nanoTime();
  }

  private int report(Pointer message, Pointer argument, Pointer error) {
    PointerByReference name = new PointerByReference();
    PointerByReference before = new PointerByReference();
    PointerByReference after = new PointerByReference();
    systemd.sd_bus_message_read(message, "sss", name, before, after);
    boolean hasLeft = after.getValue().getString(0).isEmpty();
    System.out.println(name.getValue().getString(0) + (hasLeft ? " has left" : " is here"));
    return 0;
  }

  private static int check(String call, int result) throws IOException {
    if (result < 0) {
      throw new IOException(call + ": error " + -result);
    }
    return result;
  }
}
