package io.github.selectors4j;

import java.util.ArrayList;
import java.util.List;

/** Threads that work side by side, none of whose failures goes unnoticed. */
final class Crew implements AutoCloseable {
  /** A thread's work. */
  interface Work {
    void run() throws Exception;
  }

  private final List<SelectThread<Void>> members = new ArrayList<>();

  void start(Work work) {
    members.add(
        SelectThread.start(
            () -> {
              work.run();
              return null;
            }));
  }

  /** Waits for all; fails when one of them failed. */
  void await() throws Exception {
    for (SelectThread<Void> member : members) {
      member.result();
    }
  }

  @Override
  public void close() {
    members.forEach(SelectThread::close);
  }
}
