package io.github.selectors4j.stress;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.github.selectors4j.TestDescriptor;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Awaits, and what ends them: each has one outcome, and nobody waits for ever. */
public class AwaitRaces {

  /** Who comes second leaves it to the first to arm for both, or arms for both. */
  @JCStressTest
  @State
  @Outcome(id = "1, 2, 0 1", expect = ACCEPTABLE, desc = "Each is told of what it awaits.")
  public static class TwoOfOneNumber extends AwaitRace {
    @Actor
    public void awaitRead(LLL_Result r) {
      r.r1 = await(ready, EVENT_READ);
    }

    @Actor
    public void awaitWrite(LLL_Result r) {
      r.r2 = await(ready, EVENT_WRITE);
    }

    @Arbiter
    public void arbiter(LLL_Result r) {
      r.r3 = left(ready);
      release();
    }
  }

  /** A report that comes when the time is up lets nobody go twice, and is not lost for the next. */
  @JCStressTest
  @State
  @Outcome(id = "1, 0 1", expect = ACCEPTABLE, desc = "It was ready in time.")
  @Outcome(id = "time is up, 0 1", expect = ACCEPTABLE, desc = "It was not.")
  public static class ReadinessAndTimeout extends AwaitRace {
    @Actor
    public void await(LL_Result r) {
      r.r1 = await(idle, EVENT_READ, Duration.ofNanos(20_000));
    }

    @Actor
    public void write() {
      makeReady();
    }

    @Arbiter
    public void arbiter(LL_Result r) {
      r.r2 = left(idle);
      release();
    }
  }

  /** Either of them ends the await, and cancel knows whether it was cancel. */
  @JCStressTest
  @State
  @Outcome(id = "1, 0, 0 1", expect = ACCEPTABLE, desc = "Readiness ends it.")
  @Outcome(id = "cancelled, 1, 0 1", expect = ACCEPTABLE, desc = "The cancel does.")
  public static class CancelAndReadiness extends AwaitRace {
    @Actor
    public void await(LLL_Result r) {
      r.r1 = await(ready, EVENT_READ);
    }

    @Actor
    public void cancel(LLL_Result r) {
      r.r2 = cancel(ready);
    }

    @Arbiter
    public void arbiter(LLL_Result r) {
      r.r3 = left(ready);
      release();
    }
  }

  /** The one whom it ended may be back before it is done. */
  @JCStressTest
  @State
  @Outcome(id = "cancelled 2, 1", expect = ACCEPTABLE, desc = "The new await is not cancelled.")
  public static class CancelAndNewAwait extends AwaitRace {
    @Actor
    public void await(LL_Result r) {
      r.r1 = await(idle, EVENT_READ) + " " + await(idle, EVENT_WRITE);
    }

    @Actor
    public void cancel(LL_Result r) {
      r.r2 = cancelOne(idle);
    }

    @Arbiter
    public void arbiter() {
      release();
    }
  }

  /** What is ended by readiness may serve the number's next await while a cancel has it in hand. */
  @JCStressTest
  @State
  @Outcome(id = "1 1, 0", expect = ACCEPTABLE, desc = "The cancel finds nobody.")
  @Outcome(id = "cancelled 1, 1", expect = ACCEPTABLE, desc = "It ends the first.")
  @Outcome(id = "1 cancelled, 1", expect = ACCEPTABLE, desc = "It ends the second.")
  public static class CancelAndAwaitsInARow extends AwaitRace {
    @Actor
    public void await(LL_Result r) {
      r.r1 = await(ready, EVENT_READ) + " " + await(ready, EVENT_READ);
    }

    @Actor
    public void cancel(LL_Result r) {
      r.r2 = cancel(ready);
    }

    @Arbiter
    public void arbiter() {
      release();
    }
  }

  /** What it awaits is never ready. */
  @JCStressTest
  @State
  @Outcome(id = "closed, closed", expect = ACCEPTABLE, desc = "However far the await was.")
  public static class CloseAndAwait extends AwaitRace {
    @Actor
    public void await(LL_Result r) {
      r.r1 = await(idle, EVENT_READ);
    }

    @Actor
    public void close() {
      awaiter.close();
    }

    @Arbiter
    public void arbiter(LL_Result r) {
      r.r2 = cancel(idle);
      release();
    }
  }

  @JCStressTest
  @State
  @Outcome(id = "1, closed", expect = ACCEPTABLE, desc = "Readiness ends it.")
  @Outcome(id = "closed, closed", expect = ACCEPTABLE, desc = "The close does.")
  public static class CloseAndReadiness extends AwaitRace {
    @Actor
    public void await(LL_Result r) {
      r.r1 = await(ready, EVENT_READ);
    }

    @Actor
    public void close() {
      awaiter.close();
    }

    @Arbiter
    public void arbiter(LL_Result r) {
      r.r2 = cancel(ready);
      release();
    }
  }

  /** Readiness wins, and then the interrupt is the thread's own again. */
  @JCStressTest
  @State
  @Outcome(id = "1 true, 0 1", expect = ACCEPTABLE, desc = "Ready, and still interrupted.")
  @Outcome(id = "interrupted false, 0 1", expect = ACCEPTABLE, desc = "Interrupted at entry.")
  public static class InterruptAndReadiness extends AwaitRace {
    private volatile Thread awaiting;
    private volatile boolean isInterrupted;

    @Actor
    public void await(LL_Result r) {
      awaiting = Thread.currentThread();
      String outcome = await(ready, EVENT_READ);
      while (!isInterrupted) {
        Thread.onSpinWait();
      }
      r.r1 = outcome + " " + Thread.interrupted();
    }

    @Actor
    public void interrupt() {
      while (awaiting == null) {
        Thread.onSpinWait();
      }
      awaiting.interrupt();
      isInterrupted = true;
    }

    @Arbiter
    public void arbiter(LL_Result r) {
      r.r2 = left(ready);
      release();
    }
  }

  /** Whoever awaits a number that names another file meanwhile. */
  @JCStressTest
  @State
  @Outcome(id = "cancelled, 1", expect = ACCEPTABLE, desc = "It awaited the file of before.")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "It came later, or a number is a number.")
  public static class ReuseAndAwait extends AwaitRace {
    private TestDescriptor peer;

    @Actor
    public void await(LL_Result r) {
      r.r1 = await(idle, EVENT_READ);
    }

    @Actor
    public void reuse(LL_Result r) {
      peer = replaceIdle();
      r.r2 = await(idle.fileno(), EVENT_READ);
    }

    @Arbiter
    public void arbiter() {
      release();
      peer.close();
    }
  }

  /** A third makes ready what the second cancels. */
  @JCStressTest
  @State
  @Outcome(id = "1, 0, 0 1", expect = ACCEPTABLE, desc = "Readiness ends it.")
  @Outcome(id = "cancelled, 1, 0 1", expect = ACCEPTABLE, desc = "The cancel does.")
  public static class CancelAndWriteAndAwait extends AwaitRace {
    @Actor
    public void await(LLL_Result r) {
      r.r1 = await(idle, EVENT_READ);
    }

    @Actor
    public void write() {
      makeReady();
    }

    @Actor
    public void cancel(LLL_Result r) {
      r.r2 = cancel(idle);
    }

    @Arbiter
    public void arbiter(LLL_Result r) {
      r.r3 = left(idle);
      release();
    }
  }

  /** All descriptors are released, and no call names one of them afterwards. */
  @JCStressTest
  @State
  @Outcome(id = "closed, closed, closed", expect = ACCEPTABLE, desc = "However far they were.")
  public static class CloseAndTwoAwaits extends AwaitRace {
    @Actor
    public void await(LLL_Result r) {
      r.r1 = await(idle, EVENT_READ);
    }

    @Actor
    public void awaitToo(LLL_Result r) {
      r.r2 = await(idle, EVENT_READ);
    }

    @Actor
    public void close() {
      awaiter.close();
    }

    @Arbiter
    public void arbiter(LLL_Result r) {
      r.r3 = cancel(idle);
      release();
    }
  }

  /** It is told of as many as there are cancelled. */
  @JCStressTest
  @State
  @Outcome(id = "1, 2, 0", expect = ACCEPTABLE, desc = "Readiness ends both.")
  @Outcome(id = "cancelled, 2, 1", expect = ACCEPTABLE, desc = "The reader is cancelled.")
  @Outcome(id = "1, cancelled, 1", expect = ACCEPTABLE, desc = "The writer is.")
  @Outcome(id = "cancelled, cancelled, 2", expect = ACCEPTABLE, desc = "Both are.")
  public static class CancelAndTwoAwaits extends AwaitRace {
    @Actor
    public void awaitRead(LLL_Result r) {
      r.r1 = await(ready, EVENT_READ);
    }

    @Actor
    public void awaitWrite(LLL_Result r) {
      r.r2 = await(ready, EVENT_WRITE);
    }

    @Actor
    public void cancel(LLL_Result r) {
      r.r3 = cancel(ready);
    }

    @Arbiter
    public void arbiter() {
      release();
    }
  }
}
