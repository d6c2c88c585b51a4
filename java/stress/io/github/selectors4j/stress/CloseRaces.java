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
import org.openjdk.jcstress.infra.results.LLI_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A close and every other method. */
public class CloseRaces {

  /** It never writes to a number that has been released. */
  @JCStressTest
  @State
  @Outcome(id = "done, closed", expect = ACCEPTABLE, desc = "It came first.")
  @Outcome(id = "closed, closed", expect = ACCEPTABLE, desc = "The close did.")
  public static class WithWakeup extends Race {
    @Actor
    public void wakeup(LL_Result r) {
      r.r1 = outcome(selector::wakeup);
    }

    @Actor
    public void close() {
      selector.close();
    }

    @Arbiter
    public void arbiter(LL_Result r) {
      r.r2 = outcome(() -> selector.getKey(ready));
      release();
    }
  }

  /** A key that is added late would be one of a released set. */
  @JCStressTest
  @State
  @Outcome(id = "done, closed", expect = ACCEPTABLE, desc = "It came first.")
  @Outcome(id = "closed, closed", expect = ACCEPTABLE, desc = "The close did.")
  public static class WithRegister extends Race {
    @Actor
    public void register(LL_Result r) {
      r.r1 = outcome(() -> selector.register(ready, EVENT_READ));
    }

    @Actor
    public void close() {
      selector.close();
    }

    @Arbiter
    public void arbiter(LL_Result r) {
      r.r2 = outcome(() -> selector.getKey(ready));
      release();
    }
  }

  /** It never changes a set that has been released. */
  @JCStressTest
  @State
  @Outcome(id = "done, closed", expect = ACCEPTABLE, desc = "It came first.")
  @Outcome(id = "closed, closed", expect = ACCEPTABLE, desc = "The close did.")
  public static class WithModify extends Race {
    public WithModify() {
      require(() -> selector.register(ready, EVENT_READ, ""));
    }

    @Actor
    public void modify(LL_Result r) {
      r.r1 = outcome(() -> selector.modify(ready, EVENT_WRITE));
    }

    @Actor
    public void close() {
      selector.close();
    }

    @Arbiter
    public void arbiter(LL_Result r) {
      r.r2 = outcome(() -> selector.getKey(ready));
      release();
    }
  }

  /** It never changes a set that has been released. */
  @JCStressTest
  @State
  @Outcome(id = "done, closed", expect = ACCEPTABLE, desc = "It came first.")
  @Outcome(id = "closed, closed", expect = ACCEPTABLE, desc = "The close did.")
  public static class WithUnregister extends Race {
    public WithUnregister() {
      require(() -> selector.register(ready, EVENT_READ, ""));
    }

    @Actor
    public void unregister(LL_Result r) {
      r.r1 = outcome(() -> selector.unregister(ready));
    }

    @Actor
    public void close() {
      selector.close();
    }

    @Arbiter
    public void arbiter(LL_Result r) {
      r.r2 = outcome(() -> selector.getKey(ready));
      release();
    }
  }

  /** Each descriptor is released once. */
  @JCStressTest
  @State
  @Outcome(id = "false, false", expect = ACCEPTABLE, desc = "Closed when either returns.")
  public static class WithClose extends Race {
    @Actor
    public void close(ZZ_Result r) {
      selector.close();
      r.r1 = selector.isOpen();
    }

    @Actor
    public void closeToo(ZZ_Result r) {
      selector.close();
      r.r2 = selector.isOpen();
    }

    @Arbiter
    public void arbiter() {
      release();
    }
  }

  /** A select for which nothing is ready ends by nothing else. */
  @JCStressTest
  @State
  @Outcome(id = "closed, closed", expect = ACCEPTABLE, desc = "However far the select was.")
  public static class WithSelect extends Race {
    @Actor
    public void select(LL_Result r) {
      r.r1 = await((key, events) -> {});
    }

    @Actor
    public void close() {
      selector.close();
    }

    @Arbiter
    public void arbiter(LL_Result r) {
      r.r2 = reported();
      release();
    }
  }

  /** So does one of the thread that selected last, which takes a shorter way. */
  @JCStressTest
  @State
  @Outcome(id = "closed, closed", expect = ACCEPTABLE, desc = "However far the select was.")
  public static class WithSelectAgain extends Race {
    @Actor
    public void select(LL_Result r) {
      reported();
      r.r1 = await((key, events) -> {});
    }

    @Actor
    public void close() {
      selector.close();
    }

    @Arbiter
    public void arbiter(LL_Result r) {
      r.r2 = reported();
      release();
    }
  }

  /** A map that was taken earlier is empty afterwards. */
  @JCStressTest
  @State
  @Outcome(id = "closed, done, 0", expect = ACCEPTABLE, desc = "The key is found, registered.")
  @Outcome(id = "closed, closed, 0", expect = ACCEPTABLE, desc = "Closed before it is.")
  @Outcome(id = "in time, done, 0", expect = ACCEPTABLE, desc = "Reported before the close.")
  public static class WithRegisterAndSelect extends Race {
    private final Map<Integer, SelectorKey> map = selector.getMap();

    @Actor
    public void select(LLI_Result r) {
      r.r1 = await((key, events) -> {});
    }

    @Actor
    public void register(LLI_Result r) {
      r.r2 = outcome(() -> selector.register(ready, EVENT_READ));
    }

    @Actor
    public void close() {
      selector.close();
    }

    @Arbiter
    public void arbiter(LLI_Result r) {
      r.r3 = map.size();
      release();
    }
  }
}
