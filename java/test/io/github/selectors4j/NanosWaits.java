package io.github.selectors4j;

import io.github.selectors4j.internal.system.EpollShim;
import io.github.selectors4j.internal.system.PollShim;
import java.lang.reflect.Field;
import java.util.List;

/** What the shims remember of system calls that the kernel lacked. */
final class NanosWaits {
  private NanosWaits() {}

  /** Has them try anew. */
  static void retry() throws ReflectiveOperationException {
    for (Class<?> shim : List.of(EpollShim.class, PollShim.class)) {
      Field waitsNanos = shim.getDeclaredField("waitsNanos");
      waitsNanos.setAccessible(true);
      waitsNanos.setBoolean(null, true);
    }
  }
}
