package io.github.selectors4j;

import java.lang.reflect.Field;

/** What the shims remember of system calls that the kernel lacked. */
final class NanosWaits {
  private NanosWaits() {}

  /** Has them try anew. */
  static void retry() throws ReflectiveOperationException {
    for (String shim : new String[] {"EpollShim", "PollShim"}) {
      Class<?> type = Class.forName("io.github.selectors4j.internal." + shim);
      Field waitsNanos = type.getDeclaredField("waitsNanos");
      waitsNanos.setAccessible(true);
      waitsNanos.setBoolean(null, true);
    }
  }
}
