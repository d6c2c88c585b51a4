package io.github.selectors4j.stress;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.github.selectors4j.ReadyHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.ZLL_Result;

/** What a handler that throws leaves to the next select, and what changes meanwhile. */
public class LeftOverRaces {

  /** Two keys that are ready, of which one is left over. */
  abstract static class LeftOver extends Race {
    /** The key for which the handler threw; the other one is left. */
    Object thrown = this;

    LeftOver() {
      require(() -> selector.register(ready, EVENT_WRITE, "ready"));
      require(() -> selector.register(idle, EVENT_WRITE, "idle"));
      ReadyHandler handler =
          (key, events) -> {
            thrown = key.fileobj();
            throw new Thrown();
          };
      try {
        selector.selectNow(handler);
        throw new AssertionError("nothing was ready");
      } catch (Thrown expected) {
        // The handler's own.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    final Object left() {
      return thrown == ready ? idle : ready;
    }
  }

  private static final class Thrown extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** What is left of a key that is gone is not handed out. */
  @JCStressTest
  @State
  @Outcome(id = "false, left, thrown", expect = ACCEPTABLE, desc = "The select came first.")
  @Outcome(id = "false, thrown, thrown", expect = ACCEPTABLE, desc = "The unregister did, just.")
  @Outcome(id = "true, thrown, thrown", expect = ACCEPTABLE, desc = "It had returned.")
  public static class WithUnregister extends LeftOver {
    private volatile boolean unregistered;

    @Actor
    public void unregister() {
      selector.unregister(left());
      unregistered = true;
    }

    @Actor
    public void select(ZLL_Result r) {
      r.r1 = unregistered;
      r.r2 = reportedObjects(this);
    }

    @Arbiter
    public void arbiter(ZLL_Result r) {
      r.r3 = reportedObjects(this);
      release();
    }
  }

  /** What is left is masked as its key stands then. */
  @JCStressTest
  @State
  @Outcome(id = "left, thrown", expect = ACCEPTABLE, desc = "Handed out before the modify.")
  @Outcome(id = "thrown, thrown", expect = ACCEPTABLE, desc = "Nothing of it is left.")
  public static class WithModify extends LeftOver {
    public WithModify() {
      ready.read(); // so that neither is readable
    }

    @Actor
    public void modify() {
      require(() -> selector.modify(left(), EVENT_READ));
    }

    @Actor
    public void select(LL_Result r) {
      r.r1 = reportedObjects(this);
    }

    @Arbiter
    public void arbiter(LL_Result r) {
      r.r2 = reportedObjects(this);
      release();
    }
  }

  private static String reportedObjects(LeftOver race) {
    StringBuilder reported = new StringBuilder();
    Race.require(
        () ->
            race.selector.selectNow(
                (key, events) ->
                    reported.append(key.fileobj() == race.thrown ? "thrown" : "left")));
    return reported.toString();
  }
}
