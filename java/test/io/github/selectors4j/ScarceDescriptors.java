package io.github.selectors4j;

import io.github.selectors4j.internal.system.Errno;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;

/**
 * A process that is short of descriptors, until this is closed. Nothing can be opened meanwhile,
 * class files neither: let the code under test run once before.
 */
public final class ScarceDescriptors implements AutoCloseable {
  private static final int MOST_TO_ALLOW = 16;
  private static final int EMFILE = 24;

  private final long limit = TestLibrary.getOpenFileLimit();
  private final Deque<Integer> fillers = new ArrayDeque<>();

  private ScarceDescriptors() {
    for (int i = 0; i < MOST_TO_ALLOW; i++) {
      fillers.push(TestLibrary.check(TestLibrary.dup(0)));
    }
    TestLibrary.check(TestLibrary.setOpenFileLimit(Collections.max(fillers) + 1));
    // What the JVM gave back meanwhile is free below the last one.
    for (int fd = TestLibrary.dup(0); fd >= 0; fd = TestLibrary.dup(0)) {
      fillers.push(fd);
    }
  }

  /** No descriptor is left. */
  public static ScarceDescriptors none() {
    // Loads what a failure makes use of.
    Errno.exception("open()", EMFILE).toString();
    return new ScarceDescriptors();
  }

  /** Lets {@code more} descriptors be opened, besides those allowed before. */
  public void allow(int more) {
    for (int i = 0; i < more; i++) {
      TestLibrary.check(TestLibrary.close(fillers.pop()));
    }
  }

  @Override
  public void close() {
    allow(fillers.size());
    TestLibrary.check(TestLibrary.setOpenFileLimit(limit));
  }
}
