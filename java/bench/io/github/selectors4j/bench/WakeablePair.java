package io.github.selectors4j.bench;

import java.io.IOException;

/**
 * Two threads that wake each other in turns, each blocked in a select of its own: a turn is a
 * wake-up there and one back. Each has a processor to itself: a scheduler that puts both on one, as
 * it does or does not, makes more of a difference than all else.
 */
final class WakeablePair implements Contender {

  private final Wakeable near;
  private final Wakeable far;
  private volatile Throwable failure;

  WakeablePair(Wakeable near, Wakeable far) {
    this.near = near;
    this.far = far;
  }

  @Override
  public long take(int turns) throws IOException, InterruptedException {
    Thread thread = new Thread(() -> answer(turns), "answer");
    thread.setDaemon(true);
    thread.start();
    long start = System.nanoTime();
    for (int turn = 0; turn < turns; turn++) {
      far.wake();
      near.await();
    }
    long taken = System.nanoTime() - start;
    thread.join();
    return failure == null ? taken : -1;
  }

  private void answer(int turns) {
    try {
      Natives.stayOnProcessor(1);
      for (int turn = 0; turn < turns; turn++) {
        far.await();
        near.wake();
      }
    } catch (Throwable t) {
      failure = t;
      near.wake();
    }
  }

  @Override
  public void close() throws IOException {
    near.close();
    far.close();
  }
}
