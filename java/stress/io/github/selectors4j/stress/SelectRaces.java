package io.github.selectors4j.stress;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.github.selectors4j.ReadyHandler;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.LZ_Result;
import org.openjdk.jcstress.infra.results.ZL_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A select and what changes under it. */
public class SelectRaces {

  /** A registration takes effect on the select in progress, or else on the one that begins. */
  @JCStressTest
  @State
  @Outcome(id = "in time, 1new", expect = ACCEPTABLE, desc = "It is reported.")
  public static class WithRegister extends Race {
    @Actor
    public void register() {
      require(() -> selector.register(ready, EVENT_READ, "new"));
    }

    @Actor
    public void select(LL_Result r) {
      StringBuilder reported = new StringBuilder();
      r.r1 = await((key, events) -> reported.append(events).append(key.data()));
      r.r2 = reported.toString();
    }

    @Arbiter
    public void arbiter() {
      release();
    }
  }

  /** So does a modification: the old key with its events, or the new one with its own. */
  @JCStressTest
  @State
  @Outcome(id = "in time, 1old", expect = ACCEPTABLE, desc = "Reported, then modified.")
  @Outcome(id = "in time, 2new", expect = ACCEPTABLE, desc = "Modified, then reported.")
  public static class WithModify extends Race {
    public WithModify() {
      require(() -> selector.register(ready, EVENT_READ, "old"));
    }

    @Actor
    public void modify() {
      require(() -> selector.modify(ready, EVENT_WRITE, "new"));
    }

    @Actor
    public void select(LL_Result r) {
      StringBuilder reported = new StringBuilder();
      r.r1 = await((key, events) -> reported.append(events).append(key.data()));
      r.r2 = reported.toString();
    }

    @Arbiter
    public void arbiter() {
      release();
    }
  }

  /** A select that begins after an unregister has returned does not report that key. */
  @JCStressTest
  @State
  @Outcome(id = "false, 1old", expect = ACCEPTABLE, desc = "The select came first.")
  @Outcome(id = "false, ", expect = ACCEPTABLE, desc = "The unregister did, just about.")
  @Outcome(id = "true, ", expect = ACCEPTABLE, desc = "The unregister had returned.")
  public static class WithUnregister extends Race {
    private volatile boolean unregistered;

    public WithUnregister() {
      require(() -> selector.register(ready, EVENT_READ, "old"));
    }

    @Actor
    public void unregister() {
      selector.unregister(ready);
      unregistered = true;
    }

    @Actor
    public void select(ZL_Result r) {
      r.r1 = unregistered;
      r.r2 = reported();
    }

    @Arbiter
    public void arbiter() {
      release();
    }
  }

  /** Two threads at once: one of them is refused, unless they take turns. */
  @JCStressTest
  @State
  @Outcome(id = "1old, 1old", expect = ACCEPTABLE, desc = "They took turns.")
  @Outcome(id = "1old, refused", expect = ACCEPTABLE, desc = "The first one selected.")
  @Outcome(id = "refused, 1old", expect = ACCEPTABLE, desc = "The second one did.")
  public static class WithSelect extends Race {
    public WithSelect() {
      require(() -> selector.register(ready, EVENT_READ, "old"));
    }

    @Actor
    public void first(LL_Result r) {
      r.r1 = reported();
    }

    @Actor
    public void second(LL_Result r) {
      r.r2 = reported();
    }

    @Arbiter
    public void arbiter() {
      release();
    }
  }

  /** The thread that selected last does so again, which takes a shorter way. */
  @JCStressTest
  @State
  @Outcome(id = "1old, 1old", expect = ACCEPTABLE, desc = "They took turns.")
  @Outcome(id = "1old, refused", expect = ACCEPTABLE, desc = "The first one selected.")
  @Outcome(id = "refused, 1old", expect = ACCEPTABLE, desc = "The second one did.")
  public static class AgainWithSelect extends Race {
    public AgainWithSelect() {
      require(() -> selector.register(ready, EVENT_READ, "old"));
    }

    @Actor
    public void first(LL_Result r) {
      reported();
      r.r1 = reported();
    }

    @Actor
    public void second(LL_Result r) {
      r.r2 = reported();
    }

    @Arbiter
    public void arbiter() {
      release();
    }
  }

  /** A handler that knows of an unregister is handed that key no more, in the same pass. */
  @JCStressTest
  @State
  @Outcome(id = "false", expect = ACCEPTABLE, desc = "Not handed out after that.")
  public static class PassAndUnregister extends Race {
    private volatile boolean unregistered;

    public PassAndUnregister() {
      require(() -> selector.register(ready, EVENT_WRITE, "ready"));
      require(() -> selector.register(idle, EVENT_WRITE, "idle"));
    }

    @Actor
    public void unregister() {
      selector.unregister(idle);
      unregistered = true;
    }

    @Actor
    public void select(Z_Result r) {
      boolean[] knew = new boolean[1];
      ReadyHandler handler =
          (key, events) -> {
            r.r1 |= knew[0] && key.fileobj() == idle;
            knew[0] = unregistered;
          };
      require(() -> selector.selectNow(handler));
    }

    @Arbiter
    public void arbiter() {
      release();
    }
  }

  /** A handler that knows of a modification is handed the new key, in the same pass. */
  @JCStressTest
  @State
  @Outcome(id = "done, false", expect = ACCEPTABLE, desc = "No old key after that.")
  public static class PassAndModify extends Race {
    private volatile boolean modified;

    public PassAndModify() {
      require(() -> selector.register(ready, EVENT_WRITE, "old"));
      require(() -> selector.register(idle, EVENT_WRITE, "old"));
    }

    @Actor
    public void modify(LZ_Result r) {
      r.r1 = outcome(() -> selector.modify(idle, EVENT_WRITE, "new"));
      modified = true;
    }

    @Actor
    public void select(LZ_Result r) {
      boolean[] knew = new boolean[1];
      ReadyHandler handler =
          (key, events) -> {
            r.r2 |= knew[0] && key.fileobj() == idle && "old".equals(key.data());
            knew[0] = modified;
          };
      require(() -> selector.selectNow(handler));
    }

    @Arbiter
    public void arbiter() {
      release();
    }
  }

  /** Whatever the order, the set of the kernel ends up as the map. */
  @JCStressTest
  @State
  @Outcome(id = "done, , ", expect = ACCEPTABLE, desc = "Not reported, and gone.")
  @Outcome(id = "done, 1new, ", expect = ACCEPTABLE, desc = "Reported in between, and gone.")
  @Outcome(id = "none, , 1new", expect = ACCEPTABLE, desc = "Not reported yet, and there.")
  @Outcome(id = "none, 1new, 1new", expect = ACCEPTABLE, desc = "Reported, and there.")
  public static class WithRegisterAndUnregister extends Race {
    @Actor
    public void register() {
      require(() -> selector.register(ready, EVENT_READ, "new"));
    }

    @Actor
    public void unregister(LLL_Result r) {
      r.r1 = outcome(() -> selector.unregister(ready));
    }

    @Actor
    public void select(LLL_Result r) {
      r.r2 = reported();
    }

    @Arbiter
    public void arbiter(LLL_Result r) {
      r.r3 = reported();
      release();
    }
  }
}
