package io.github.selectors4j.internal.selecting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DescriptorTestCase;
import io.github.selectors4j.internal.sets.PollSet;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("mechanism-independent")
final class ChildInputsTest extends DescriptorTestCase {

  private static final long INTERVAL = Duration.ofMillis(50).toNanos();
  private static final long ROUNDING = Duration.ofMillis(1).toNanos();

  /** Nor does a look shorten the waits that follow, beyond that. */
  @Test
  void areLookedAtOnceAnInterval() throws Exception {
    SelectLoop loop = new SelectLoop();
    loop.start(new PollSet(loop));
    addCleanup(loop::close);
    Process child = new ProcessBuilder("cat").start();
    addCleanup(child.getOutputStream());
    addCleanup(child.getInputStream());
    addCleanup(child.getErrorStream());
    new Registrar(loop).register(child.getOutputStream(), BaseSelector.EVENT_READ, null);
    assertTrue(loop.inputs().isDue());
    for (int again = 0; again < 3; again++) {
      long start = System.nanoTime();
      loop.inputs().sweep();
      boolean due = loop.inputs().isDue();
      long limit = loop.inputs().limit(-1);
      long elapsed = System.nanoTime() - start;
      assertTrue(!due || elapsed >= INTERVAL, () -> "due after " + elapsed + " ns");
      assertTrue(limit + elapsed >= INTERVAL, () -> limit + " ns, after " + elapsed + " ns");
      assertTrue(limit <= INTERVAL + ROUNDING, () -> limit + " ns");
      assertEquals(1, loop.inputs().limit(1));
    }
  }
}
