package io.github.selectors4j.bench;

/** A loop of C's over one system call. */
final class CWait implements Contender {

  /** Takes turns of an open loop. */
  @FunctionalInterface
  interface Turns {
    long take(long loop, int turns, int ready);
  }

  private final long loop;
  private final int ready;
  private final Turns turns;

  CWait(Watched watched, int ready, Turns turns) {
    this.loop = Natives.openLoop(watched.descriptors(), watched.isForWriting());
    this.ready = ready;
    this.turns = turns;
  }

  @Override
  public long take(int count) {
    return turns.take(loop, count, ready);
  }

  @Override
  public void close() {
    Natives.closeLoop(loop);
  }
}
