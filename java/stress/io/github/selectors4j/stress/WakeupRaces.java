package io.github.selectors4j.stress;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** A wake-up and what it ends. */
public class WakeupRaces {

  /** It is never lost, whether it comes before the select or during it. */
  @JCStressTest
  @State
  @Outcome(id = "in time, ", expect = ACCEPTABLE, desc = "The select returns.")
  public static class WithSelect extends Race {
    @Actor
    public void wakeup() {
      selector.wakeup();
    }

    @Actor
    public void select(LL_Result r) {
      r.r1 = await((key, events) -> {});
    }

    @Arbiter
    public void arbiter(LL_Result r) {
      r.r2 = reported();
      release();
    }
  }

  /** Of two, the second finds the first one's traces or none of them. */
  @JCStressTest
  @State
  @Outcome(id = "in time, ", expect = ACCEPTABLE, desc = "The select returns.")
  public static class WithWakeupAndSelect extends Race {
    @Actor
    public void wakeup() {
      selector.wakeup();
    }

    @Actor
    public void wakeupToo() {
      selector.wakeup();
    }

    @Actor
    public void select(LL_Result r) {
      r.r1 = await((key, events) -> {});
    }

    @Arbiter
    public void arbiter(LL_Result r) {
      r.r2 = reported();
      release();
    }
  }

  /** The select that a change sets going again meets the wake-up on its way. */
  @JCStressTest
  @State
  @Outcome(id = "in time, done", expect = ACCEPTABLE, desc = "The select returns.")
  public static class AfterChangesWithSelect extends Race {
    @Actor
    public void changeAndWakeup(LL_Result r) {
      r.r2 =
          outcome(
              () -> {
                selector.register(idle, EVENT_READ);
                selector.wakeup();
              });
    }

    @Actor
    public void select(LL_Result r) {
      r.r1 = await((key, events) -> {});
    }

    @Arbiter
    public void arbiter() {
      release();
    }
  }

  /** A change tells the selecting thread to look again, by the same descriptor. */
  @JCStressTest
  @State
  @Outcome(id = "in time, done", expect = ACCEPTABLE, desc = "The change swallows no wake-up.")
  public static class WithChangesAndSelect extends Race {
    @Actor
    public void wakeup() {
      selector.wakeup();
    }

    @Actor
    public void change(LL_Result r) {
      r.r2 =
          outcome(
              () -> {
                selector.register(idle, EVENT_READ);
                selector.unregister(idle);
              });
    }

    @Actor
    public void select(LL_Result r) {
      r.r1 = await((key, events) -> {});
    }

    @Arbiter
    public void arbiter() {
      release();
    }
  }

  /** Whichever ends the select says how. */
  @JCStressTest
  @State
  @Outcome(id = "done, in time", expect = ACCEPTABLE, desc = "Woken up, then closed.")
  @Outcome(id = "done, closed", expect = ACCEPTABLE, desc = "Closed, or before it could return.")
  @Outcome(id = "closed, closed", expect = ACCEPTABLE, desc = "Closed before the wake-up.")
  public static class WithCloseAndSelect extends Race {
    @Actor
    public void wakeup(LL_Result r) {
      r.r1 = outcome(selector::wakeup);
    }

    @Actor
    public void close() {
      selector.close();
    }

    @Actor
    public void select(LL_Result r) {
      r.r2 = await((key, events) -> {});
    }

    @Arbiter
    public void arbiter() {
      release();
    }
  }
}
