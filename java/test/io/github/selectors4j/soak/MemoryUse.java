package io.github.selectors4j.soak;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** What a soaked program's JVM takes. */
final class MemoryUse {

  private MemoryUse() {}

  /**
   * The members of a JSON object: the heap after a collection, and classes and compiled code, which
   * grow for minutes as the JVM warms up. In bytes.
   */
  static String members() {
    System.gc();
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    return String.format(
        "\"heap\": %d, \"code\": %d",
        memory.getHeapMemoryUsage().getUsed(), memory.getNonHeapMemoryUsage().getUsed());
  }
}
