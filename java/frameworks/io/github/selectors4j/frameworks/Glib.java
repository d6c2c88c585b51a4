package io.github.selectors4j.frameworks;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** What the tests call of {@code <glib.h>} and {@code <glib-unix.h>}. */
interface Glib extends Library {
  Glib LIBRARY = Native.load("libglib-2.0.so.0", Glib.class);

  int G_IO_IN = 1;
  boolean G_SOURCE_CONTINUE = true;
  boolean G_SOURCE_REMOVE = false;

  /** {@code GUnixFDSourceFunc}. */
  interface UnixFdSourceFunc extends Callback {
    boolean invoke(int fd, int condition, Pointer data);
  }

  Pointer g_main_context_new();

  void g_main_context_unref(Pointer context);

  Pointer g_main_loop_new(Pointer context, boolean isRunning);

  void g_main_loop_run(Pointer loop);

  void g_main_loop_quit(Pointer loop);

  void g_main_loop_unref(Pointer loop);

  Pointer g_unix_fd_source_new(int fd, int condition);

  void g_source_set_callback(Pointer source, UnixFdSourceFunc function, Pointer data, Pointer free);

  int g_source_attach(Pointer source, Pointer context);

  void g_source_unref(Pointer source);
}
