package io.github.selectors4j;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What this thread allocates. */
public final class Allocation {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int STRETCHES = 20;

  private Allocation() {}

  /** The least that so many turns allocate, in bytes, once they have been made often. */
  public static long least(int turns, Crew.Work turn) throws Exception {
    // The first stretches warm up; what links or compiles code meanwhile may allocate.
    long least = Long.MAX_VALUE;
    for (int stretch = 0; stretch < STRETCHES && least > 0; stretch++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < turns; i++) {
        turn.run();
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
