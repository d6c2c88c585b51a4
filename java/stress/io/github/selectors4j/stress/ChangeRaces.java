package io.github.selectors4j.stress;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.github.selectors4j.SelectorKey;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Registrations that change in two threads, and what is left of them. */
public class ChangeRaces {

  /** One object is registered once. */
  @JCStressTest
  @State
  @Outcome(id = "done, refused, 1first", expect = ACCEPTABLE, desc = "The first one.")
  @Outcome(id = "refused, done, 1second", expect = ACCEPTABLE, desc = "The second one.")
  public static class RegisterAndRegister extends Race {
    @Actor
    public void first(LLL_Result r) {
      r.r1 = outcome(() -> selector.register(ready, EVENT_READ, "first"));
    }

    @Actor
    public void second(LLL_Result r) {
      r.r2 = outcome(() -> selector.register(ready.fileno(), EVENT_READ, "second"));
    }

    @Arbiter
    public void arbiter(LLL_Result r) {
      r.r3 = reported();
      release();
    }
  }

  /** The set of the kernel follows the map. */
  @JCStressTest
  @State
  @Outcome(id = "done, done, ", expect = ACCEPTABLE, desc = "Registered, then unregistered.")
  @Outcome(id = "done, none, 1new", expect = ACCEPTABLE, desc = "The unregister came too early.")
  public static class RegisterAndUnregister extends Race {
    @Actor
    public void register(LLL_Result r) {
      r.r1 = outcome(() -> selector.register(ready, EVENT_READ, "new"));
    }

    @Actor
    public void unregister(LLL_Result r) {
      r.r2 = outcome(() -> selector.unregister(ready));
    }

    @Arbiter
    public void arbiter(LLL_Result r) {
      r.r3 = reported();
      release();
    }
  }

  /** One of them gets the key. */
  @JCStressTest
  @State
  @Outcome(id = "done, none, ", expect = ACCEPTABLE, desc = "The first one.")
  @Outcome(id = "none, done, ", expect = ACCEPTABLE, desc = "The second one.")
  public static class UnregisterAndUnregister extends Race {
    public UnregisterAndUnregister() {
      require(() -> selector.register(ready, EVENT_READ, "old"));
    }

    @Actor
    public void first(LLL_Result r) {
      r.r1 = outcome(() -> selector.unregister(ready));
    }

    @Actor
    public void second(LLL_Result r) {
      r.r2 = outcome(() -> selector.unregister(ready));
    }

    @Arbiter
    public void arbiter(LLL_Result r) {
      r.r3 = reported();
      release();
    }
  }

  /** What is unregistered does not come back. */
  @JCStressTest
  @State
  @Outcome(id = "done, done, ", expect = ACCEPTABLE, desc = "Modified, then unregistered.")
  @Outcome(id = "none, done, ", expect = ACCEPTABLE, desc = "The modify came too late.")
  public static class ModifyAndUnregister extends Race {
    public ModifyAndUnregister() {
      require(() -> selector.register(ready, EVENT_READ, "old"));
    }

    @Actor
    public void modify(LLL_Result r) {
      r.r1 = outcome(() -> selector.modify(ready, EVENT_WRITE, "new"));
    }

    @Actor
    public void unregister(LLL_Result r) {
      r.r2 = outcome(() -> selector.unregister(ready));
    }

    @Arbiter
    public void arbiter(LLL_Result r) {
      r.r3 = reported();
      release();
    }
  }

  /** The key and the set of the kernel are the same one's. */
  @JCStressTest
  @State
  @Outcome(id = "done, done, 2first", expect = ACCEPTABLE, desc = "The first one came last.")
  @Outcome(id = "done, done, 3second", expect = ACCEPTABLE, desc = "The second one came last.")
  public static class ModifyAndModify extends Race {
    public ModifyAndModify() {
      require(() -> selector.register(ready, EVENT_READ, "old"));
    }

    @Actor
    public void first(LLL_Result r) {
      r.r1 = outcome(() -> selector.modify(ready, EVENT_WRITE, "first"));
    }

    @Actor
    public void second(LLL_Result r) {
      r.r2 = outcome(() -> selector.modify(ready, EVENT_READ | EVENT_WRITE, "second"));
    }

    @Arbiter
    public void arbiter(LLL_Result r) {
      r.r3 = reported();
      release();
    }
  }

  /** A modify keeps the data that is there, whoever put it there meanwhile. */
  @JCStressTest
  @State
  @Outcome(id = "done, done, 2new", expect = ACCEPTABLE, desc = "Both changes are in force.")
  public static class ModifyEventsAndModifyData extends Race {
    public ModifyEventsAndModifyData() {
      require(() -> selector.register(ready, EVENT_WRITE, "old"));
    }

    @Actor
    public void events(LLL_Result r) {
      r.r1 =
          outcome(
              () -> {
                selector.modify(ready, EVENT_READ);
                selector.modify(ready, EVENT_WRITE);
              });
    }

    @Actor
    public void data(LLL_Result r) {
      r.r2 = outcome(() -> selector.modify(ready, EVENT_WRITE, "new"));
    }

    @Arbiter
    public void arbiter(LLL_Result r) {
      r.r3 = reported();
      release();
    }
  }

  /** All three of one object, which is registered at first. */
  @JCStressTest
  @State
  @Outcome(id = "done, refused, ", expect = ACCEPTABLE, desc = "Modified, unregistered.")
  @Outcome(id = "none, refused, ", expect = ACCEPTABLE, desc = "Unregistered before the modify.")
  @Outcome(id = "done, done, 1again", expect = ACCEPTABLE, desc = "Modified, then registered anew.")
  @Outcome(id = "done, done, 2new", expect = ACCEPTABLE, desc = "Registered anew, then modified.")
  @Outcome(id = "none, done, 1again", expect = ACCEPTABLE, desc = "The modify fell in between.")
  public static class ModifyRegisterAndUnregister extends Race {
    public ModifyRegisterAndUnregister() {
      require(() -> selector.register(ready, EVENT_READ, "old"));
    }

    @Actor
    public void modify(LLL_Result r) {
      r.r1 = outcome(() -> selector.modify(ready, EVENT_WRITE, "new"));
    }

    @Actor
    public void register(LLL_Result r) {
      r.r2 = outcome(() -> selector.register(ready, EVENT_READ, "again"));
    }

    @Actor
    public void unregister() {
      selector.unregister(ready);
    }

    @Arbiter
    public void arbiter(LLL_Result r) {
      r.r3 = reported();
      release();
    }
  }

  /** An iteration runs in ascending order past what changes meanwhile. */
  @JCStressTest
  @State
  @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "It finds what stays.")
  public static class IterateAndRegister extends Race {
    private final Map<Integer, SelectorKey> map = selector.getMap();

    public IterateAndRegister() {
      require(() -> selector.register(ready, EVENT_READ));
    }

    @Actor
    public void iterate(ZZ_Result r) {
      int last = -1;
      r.r2 = true;
      for (Map.Entry<Integer, SelectorKey> entry : map.entrySet()) {
        r.r1 |= entry.getValue().fileobj() == ready;
        r.r2 &= entry.getKey() > last;
        last = entry.getKey();
      }
    }

    @Actor
    public void register() {
      require(() -> selector.register(idle, EVENT_READ));
      require(() -> selector.unregister(idle));
      require(() -> selector.register(idle, EVENT_WRITE));
    }

    @Arbiter
    public void arbiter() {
      release();
    }
  }
}
