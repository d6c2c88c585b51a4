package io.github.selectors4j.frameworks;

import static io.github.selectors4j.frameworks.Libuv.LIBRARY;
import static io.github.selectors4j.frameworks.Libuv.UV_POLL;
import static io.github.selectors4j.frameworks.Libuv.UV_READABLE;
import static io.github.selectors4j.frameworks.Libuv.UV_RUN_DEFAULT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Memory;
import java.lang.ref.Reference;

/** A loop of libuv. */
public final class LibuvLoop implements OuterLoop {
  static void openAndClose() {
    Memory loop = new Memory(LIBRARY.uv_loop_size());
    check(LIBRARY.uv_loop_init(loop));
    check(LIBRARY.uv_loop_close(loop));
  }

  @Override
  public void run(int fd, Callback callback) {
    Memory loop = new Memory(LIBRARY.uv_loop_size());
    check(LIBRARY.uv_loop_init(loop));
    Memory poll = new Memory(LIBRARY.uv_handle_size(UV_POLL));
    Libuv.PollCallback readable =
        (handle, status, events) -> {
          if (status < 0 || !callback.readable()) {
            check(LIBRARY.uv_poll_stop(handle));
          }
        };
    check(LIBRARY.uv_poll_init(loop, poll, fd)); // selector.fileno()
    check(LIBRARY.uv_poll_start(poll, UV_READABLE, readable));
    check(LIBRARY.uv_run(loop, UV_RUN_DEFAULT)); // until the poll is stopped
    LIBRARY.uv_close(poll, null);
    check(LIBRARY.uv_run(loop, UV_RUN_DEFAULT)); // until it is closed
    check(LIBRARY.uv_loop_close(loop));
    Reference.reachabilityFence(readable);
  }

  private static void check(int result) {
    assertEquals(0, result);
  }
}
