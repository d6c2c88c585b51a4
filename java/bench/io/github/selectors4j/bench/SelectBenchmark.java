package io.github.selectors4j.bench;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.SelectorKey;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What a wait allocates, with {@code -prof gc}; and JMH's word on the time of one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SelectBenchmark implements ReadyHandler {

  private static final int C_TURNS = 1000;
  private static final int COUNT = 64;

  /** The selector. */
  @Param({"EPOLL", "POLL", "SELECT"})
  public Mechanism mechanism;

  private Pipes pipes;
  private BaseSelector selector;
  private long loop;
  private long sum;

  /** Opens pipes that are all readable. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    pipes = new Pipes(COUNT, COUNT);
    loop = Natives.openLoop(pipes.readEnds(), false);
    selector = mechanism.open();
    for (Integer fd : pipes.boxedReadEnds()) {
      selector.register(fd, BaseSelector.EVENT_READ);
    }
  }

  /** Closes them. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    selector.close();
    Natives.closeLoop(loop);
    pipes.close();
  }

  @Override
  public void ready(SelectorKey key, int events) {
    sum += key.fd() + events;
  }

  /** Does not wait. */
  @Benchmark
  public int selectNow() throws IOException {
    return selector.selectNow(this);
  }

  /** May wait, and is told for how long anew. */
  @Benchmark
  public int selectNanos() throws IOException {
    return selector.selectNanos(1_000_000_001L + (sum & 1), this);
  }

  /** The same work in C. */
  @Benchmark
  @OperationsPerInvocation(C_TURNS)
  public long inC() {
    return switch (mechanism) {
      case EPOLL -> Natives.epollTurns(loop, C_TURNS, COUNT, 0);
      case POLL -> Natives.pollTurns(loop, C_TURNS, COUNT);
      default -> Natives.selectTurns(loop, C_TURNS, COUNT);
    };
  }
}
