package io.github.selectors4j.frameworks;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.github.selectors4j.SelectorKey;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A multi handle of libcurl's, driven by its sockets and its timer as curl_multi_socket_action(3)
 * says.
 */
final class LibcurlMulti implements AutoCloseable {
  private static final Libcurl LIBCURL = Libcurl.LIBRARY;
  private static final long NEVER = Long.MAX_VALUE;

  static {
    assertEquals(Libcurl.CURLE_OK, LIBCURL.curl_global_init(Libcurl.CURL_GLOBAL_DEFAULT));
  }

  private final LibrarySockets sockets;
  private final boolean lazily;
  private final Set<Integer> toForget = new HashSet<>();
  private final Pointer multi = LIBCURL.curl_multi_init();
  private final Map<Pointer, LibcurlTransfer> transfers = new HashMap<>();
  // Nothing but these keeps the callbacks alive.
  private final Libcurl.SocketFunction socketFunction = this::socketFunction;
  private final Libcurl.TimerFunction timerFunction = this::timerFunction;
  private Throwable thrownInCallback;
  private boolean timerIsSet;
  private long timerDue;

  /**
   * In a selector.
   *
   * @param lazily whether to unregister what libcurl is done with before the next select only, when
   *     its number may be another socket's
   */
  LibcurlMulti(LibrarySockets sockets, boolean lazily) {
    this.sockets = sockets;
    this.lazily = lazily;
    check(LIBCURL.curl_multi_setopt(multi, Libcurl.CURLMOPT_SOCKETFUNCTION, socketFunction));
    check(LIBCURL.curl_multi_setopt(multi, Libcurl.CURLMOPT_TIMERFUNCTION, timerFunction));
  }

  /** Begins a transfer; it is closed when it is done. */
  void add(LibcurlTransfer transfer) {
    transfers.put(transfer.handle(), transfer);
    check(LIBCURL.curl_multi_add_handle(multi, transfer.handle()));
  }

  int running() {
    return transfers.size();
  }

  /** Waits until one transfer or more is done. */
  void awaitDone() throws IOException {
    long deadline = LibrarySockets.deadline();
    int before = running();
    for (; ; ) {
      if (timerIsSet && System.nanoTime() - timerDue >= 0) {
        timerIsSet = false;
        act(Libcurl.CURL_SOCKET_TIMEOUT, 0);
      }
      takeWhatIsDone();
      if (running() < before) {
        return;
      }
      forget();
      long untilTimer = timerIsSet ? Math.max(0, timerDue - System.nanoTime()) : NEVER;
      sockets.selectOnce(deadline, untilTimer, () -> "end of any transfer: " + transfers.values());
    }
  }

  private void forget() {
    toForget.forEach(sockets::forget);
    toForget.clear();
  }

  private void ready(SelectorKey key, int events) throws IOException {
    if (toForget.contains(key.fd())) {
      return;
    }
    int ready = (events & EVENT_READ) != 0 ? Libcurl.CURL_CSELECT_IN : 0;
    ready |= (events & EVENT_WRITE) != 0 ? Libcurl.CURL_CSELECT_OUT : 0;
    act(key.fd(), ready);
  }

  private void act(int fd, int events) throws IOException {
    int code = LIBCURL.curl_multi_socket_action(multi, fd, events, new IntByReference());
    if (thrownInCallback != null) {
      throw new IOException(thrownInCallback);
    }
    check(code);
  }

  private void takeWhatIsDone() {
    Pointer message;
    while ((message = LIBCURL.curl_multi_info_read(multi, new IntByReference())) != null) {
      Pointer easy = message.getPointer(Native.POINTER_SIZE);
      int result = message.getInt(2L * Native.POINTER_SIZE);
      check(LIBCURL.curl_multi_remove_handle(multi, easy));
      try (LibcurlTransfer transfer = transfers.remove(easy)) {
        transfer.assertDone(result);
      }
    }
  }

  /** Called by libcurl, which an exception would not get through. */
  private int socketFunction(Pointer easy, int fd, int what, Pointer argument, Pointer ofSocket) {
    try {
      if (what == Libcurl.CURL_POLL_REMOVE) {
        toForget.add(fd);
        if (!lazily) {
          forget();
        }
      } else {
        toForget.remove(fd);
        int events = (what & Libcurl.CURL_POLL_IN) != 0 ? EVENT_READ : 0;
        events |= (what & Libcurl.CURL_POLL_OUT) != 0 ? EVENT_WRITE : 0;
        sockets.watch(fd, events, this::ready);
      }
      return 0;
    } catch (IOException | RuntimeException e) {
      thrownInCallback = e;
      return -1;
    }
  }

  private int timerFunction(Pointer multi, long milliseconds, Pointer argument) {
    timerIsSet = milliseconds >= 0;
    timerDue = System.nanoTime() + milliseconds * 1_000_000;
    return 0;
  }

  private static void check(int code) {
    assertEquals(Libcurl.CURLM_OK, code, "a CURLMcode");
  }

  @Override
  public void close() {
    for (LibcurlTransfer transfer : transfers.values()) {
      LIBCURL.curl_multi_remove_handle(multi, transfer.handle());
      transfer.close();
    }
    LIBCURL.curl_multi_cleanup(multi);
  }
}
