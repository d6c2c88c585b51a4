package io.github.selectors4j.stress;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.github.selectors4j.TestDescriptor;
import io.github.selectors4j.TestLibrary;
import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.ZL_Result;

/** A file that the best mechanism leaves to another one, and a select. */
public class FallbackRaces {

  /** A race with a file that is always ready: with kqueue, too, as it is not at its end. */
  abstract static class WithFile extends Race {
    private static final String PATH =
        Objects.requireNonNull(System.getProperty("selectors4j.test.library"));

    final TestDescriptor file = new TestDescriptor(TestLibrary.open(PATH, TestLibrary.O_RDONLY));

    final void releaseAll() {
      release();
      file.close();
    }
  }

  /** A registration takes effect on the select in progress, or else on the one that begins. */
  @JCStressTest
  @State
  @Outcome(id = "in time, 1file", expect = ACCEPTABLE, desc = "It is reported.")
  public static class WithRegister extends WithFile {
    @Actor
    public void register() {
      require(() -> selector.register(file, EVENT_READ, "file"));
    }

    @Actor
    public void select(LL_Result r) {
      StringBuilder reported = new StringBuilder();
      r.r1 = await((key, events) -> reported.append(events).append(key.data()));
      r.r2 = reported.toString();
    }

    @Arbiter
    public void arbiter() {
      releaseAll();
    }
  }

  /** A select that begins after an unregister has returned does not report that key. */
  @JCStressTest
  @State
  @Outcome(id = "false, 1file", expect = ACCEPTABLE, desc = "The select came first.")
  @Outcome(id = "false, ", expect = ACCEPTABLE, desc = "The unregister did, just about.")
  @Outcome(id = "true, ", expect = ACCEPTABLE, desc = "The unregister had returned.")
  public static class WithUnregister extends WithFile {
    private volatile boolean unregistered;

    public WithUnregister() {
      require(() -> selector.register(file, EVENT_READ, "file"));
    }

    @Actor
    public void unregister() {
      selector.unregister(file);
      unregistered = true;
    }

    @Actor
    public void select(ZL_Result r) {
      r.r1 = unregistered;
      r.r2 = reported();
    }

    @Arbiter
    public void arbiter() {
      releaseAll();
    }
  }
}
