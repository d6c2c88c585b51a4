package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import io.github.selectors4j.SelectorKey;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Fetches web pages side by side, in one thread, through libcurl's multi interface, and prints how
 * many bytes each has.
 */
public final class FetchPages {
  /** What {@code <curl/curl.h>} declares; a Java {@code long} is C's, and a {@code size_t}. */
  interface Libcurl extends Library {
    Libcurl LIBRARY = Native.load("libcurl.so.4", Libcurl.class);

    int CURLOPT_URL = 10002;
    int CURLOPT_WRITEFUNCTION = 20011;
    int CURLMOPT_SOCKETFUNCTION = 20001;
    int CURLMOPT_TIMERFUNCTION = 20004;
    int CURL_SOCKET_TIMEOUT = -1;
    int CURL_POLL_IN = 1;
    int CURL_POLL_OUT = 2;
    int CURL_POLL_REMOVE = 4;
    int CURL_CSELECT_IN = 1;
    int CURL_CSELECT_OUT = 2;

    interface SocketFunction extends Callback {
      int watch(Pointer easy, int fd, int what, Pointer argument, Pointer ofSocket);
    }

    interface TimerFunction extends Callback {
      int set(Pointer multi, long milliseconds, Pointer argument);
    }

    interface WriteFunction extends Callback {
      long write(Pointer bytes, long size, long count, Pointer argument);
    }

    Pointer curl_easy_init();

    int curl_easy_setopt(Pointer easy, int option, Object... argument);

    String curl_easy_strerror(int code);

    void curl_easy_cleanup(Pointer easy);

    Pointer curl_multi_init();

    int curl_multi_setopt(Pointer multi, int option, Object... argument);

    int curl_multi_add_handle(Pointer multi, Pointer easy);

    int curl_multi_remove_handle(Pointer multi, Pointer easy);

    int curl_multi_socket_action(Pointer multi, int fd, int events, IntByReference running);

    /** A {@code CURLMsg}: its kind, the easy handle, and how that has ended. */
    Pointer curl_multi_info_read(Pointer multi, IntByReference left);

    int curl_multi_cleanup(Pointer multi);
  }

  private final Libcurl libcurl = Libcurl.LIBRARY;
  private final BaseSelector selector;
  private final Pointer multi = libcurl.curl_multi_init();
  private final Map<Pointer, Page> pages = new HashMap<>();
  private final IntByReference ignored = new IntByReference();
  // libcurl holds these by their address; without the fields they would be collected.
  private final Libcurl.SocketFunction socketFunction = this::watch;
  private final Libcurl.TimerFunction timerFunction = this::setTimer;
  private IOException refused;
  private boolean timerIsSet;
  private long timerDue;

  private FetchPages(BaseSelector selector) {
    this.selector = selector;
    libcurl.curl_multi_setopt(multi, Libcurl.CURLMOPT_SOCKETFUNCTION, socketFunction);
    libcurl.curl_multi_setopt(multi, Libcurl.CURLMOPT_TIMERFUNCTION, timerFunction);
  }

  public static void main(String[] args) throws IOException {
    if (args.length == 0 || args[0].startsWith("-")) {
      System.err.println("usage: FetchPages URL...");
      System.exit(2);
    }
    try (BaseSelector selector = DefaultSelector.open()) {
      FetchPages fetch = new FetchPages(selector);
      for (String url : args) {
        fetch.begin(url);
      }
      fetch.run();
    }
  }

  private void begin(String url) {
    Page page = new Page(url);
    pages.put(page.easy, page);
    libcurl.curl_multi_add_handle(multi, page.easy);
  }

  private void run() throws IOException {
    while (!pages.isEmpty()) {
      selector.selectNanos(
          timerIsSet ? timerDue - System.nanoTime() : Long.MAX_VALUE, this::continueAt);
      if (timerIsSet && System.nanoTime() - timerDue >= 0) {
        timerIsSet = false;
        act(Libcurl.CURL_SOCKET_TIMEOUT, 0);
      }
      takeWhatIsDone();
    }
    libcurl.curl_multi_cleanup(multi);
  }

  private void continueAt(SelectorKey key, int events) throws IOException {
    int ready = (events & EVENT_READ) != 0 ? Libcurl.CURL_CSELECT_IN : 0;
    act(key.fd(), ready | ((events & EVENT_WRITE) != 0 ? Libcurl.CURL_CSELECT_OUT : 0));
  }

  private void act(int fd, int events) throws IOException {
    libcurl.curl_multi_socket_action(multi, fd, events, ignored);
    if (refused != null) {
      throw refused;
    }
  }

  /** Called by libcurl, which may have closed this number, and opened another file under it. */
  private int watch(Pointer easy, int fd, int what, Pointer argument, Pointer ofSocket) {
    try {
      int events = (what & Libcurl.CURL_POLL_IN) != 0 ? EVENT_READ : 0;
      events |= (what & Libcurl.CURL_POLL_OUT) != 0 ? EVENT_WRITE : 0;
      if (what == Libcurl.CURL_POLL_REMOVE) {
        selector.unregister(fd); // fine if it is closed already
      } else if (selector.isRegistered(fd)) {
        selector.modify(fd, events); // watches what the number names now
      } else {
        selector.register(fd, events);
      }
      return 0;
    } catch (IOException e) { // no exception gets through C
      refused = e;
      return -1;
    }
  }

  private int setTimer(Pointer multi, long milliseconds, Pointer argument) {
    timerIsSet = milliseconds >= 0;
    timerDue = System.nanoTime() + milliseconds * 1_000_000;
    return 0;
  }

  private void takeWhatIsDone() {
    Pointer message;
    while ((message = libcurl.curl_multi_info_read(multi, ignored)) != null) {
      Page page = pages.remove(message.getPointer(Native.POINTER_SIZE));
      int result = message.getInt(2L * Native.POINTER_SIZE);
      libcurl.curl_multi_remove_handle(multi, page.easy); // the message is gone then
      System.out.println(
          page.url
              + ": "
              + (result == 0 ? page.size + " bytes" : libcurl.curl_easy_strerror(result)));
      libcurl.curl_easy_cleanup(page.easy);
    }
  }

  private final class Page {
    private final String url;
    private final Pointer easy = libcurl.curl_easy_init();
    private final Libcurl.WriteFunction writeFunction = this::write;
    private long size;

    Page(String url) {
      this.url = url;
      libcurl.curl_easy_setopt(easy, Libcurl.CURLOPT_URL, url);
      libcurl.curl_easy_setopt(easy, Libcurl.CURLOPT_WRITEFUNCTION, writeFunction);
    }

    private long write(Pointer bytes, long one, long count, Pointer argument) {
      size += count;
      return count;
    }
  }
}
