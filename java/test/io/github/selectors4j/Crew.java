package io.github.selectors4j;

import java.util.ArrayList;
import java.util.List;

/** Threads that work side by side, none of whose failures goes unnoticed. */
public final class Crew implements AutoCloseable {
  /** A thread's work. */
  public interface Work {
    /** Does it. */
    void run() throws Exception;
  }

  /** How long a busy machine may take for all that they do. */
  private static final long LONGEST_SECONDS = 100;

  private final List<SelectThread<Void>> members = new ArrayList<>();

  /** Has a thread of its own do the work. */
  public void start(Work work) {
    members.add(
        SelectThread.start(
            () -> {
              work.run();
              return null;
            }));
  }

  /** Waits for all; fails when one of them failed. */
  public void await() throws Exception {
    for (SelectThread<Void> member : members) {
      member.result(LONGEST_SECONDS);
    }
  }

  @Override
  public void close() {
    members.forEach(SelectThread::close);
  }
}
