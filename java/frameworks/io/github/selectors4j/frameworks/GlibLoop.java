package io.github.selectors4j.frameworks;

import static io.github.selectors4j.frameworks.Glib.G_IO_IN;
import static io.github.selectors4j.frameworks.Glib.G_SOURCE_CONTINUE;
import static io.github.selectors4j.frameworks.Glib.G_SOURCE_REMOVE;
import static io.github.selectors4j.frameworks.Glib.LIBRARY;

import com.sun.jna.Pointer;
import java.lang.ref.Reference;

/** A main loop of GLib, as GTK's is. */
public final class GlibLoop implements OuterLoop {
  @Override
  public void run(int fd, Callback callback) {
    Pointer context = LIBRARY.g_main_context_new(); // or null, the default one
    Pointer loop = LIBRARY.g_main_loop_new(context, false);
    Glib.UnixFdSourceFunc readable =
        (number, condition, data) -> {
          if (callback.readable()) {
            return G_SOURCE_CONTINUE;
          }
          LIBRARY.g_main_loop_quit(loop);
          return G_SOURCE_REMOVE;
        };
    Pointer source = LIBRARY.g_unix_fd_source_new(fd, G_IO_IN); // selector.fileno()
    LIBRARY.g_source_set_callback(source, readable, null, null);
    LIBRARY.g_source_attach(source, context);
    LIBRARY.g_main_loop_run(loop);
    LIBRARY.g_source_unref(source);
    LIBRARY.g_main_loop_unref(loop);
    LIBRARY.g_main_context_unref(context);
    Reference.reachabilityFence(readable);
  }
}
