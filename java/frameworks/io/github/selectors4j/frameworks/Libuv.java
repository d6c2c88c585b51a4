package io.github.selectors4j.frameworks;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** What the tests call of {@code <uv.h>}; a Java {@code long} is C's {@code size_t}. */
interface Libuv extends Library {
  Libuv LIBRARY = Native.load("libuv.so.1", Libuv.class);

  int UV_POLL = 8;
  int UV_READABLE = 1;
  int UV_RUN_DEFAULT = 0;

  /** {@code uv_poll_cb}. */
  interface PollCallback extends Callback {
    void invoke(Pointer handle, int status, int events);
  }

  long uv_loop_size();

  int uv_loop_init(Pointer loop);

  int uv_loop_close(Pointer loop);

  int uv_run(Pointer loop, int mode);

  long uv_handle_size(int type);

  int uv_poll_init(Pointer loop, Pointer handle, int fd);

  int uv_poll_start(Pointer handle, int events, PollCallback callback);

  int uv_poll_stop(Pointer handle);

  void uv_library_shutdown();

  void uv_close(Pointer handle, Callback closed);
}
