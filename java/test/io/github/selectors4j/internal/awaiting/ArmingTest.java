package io.github.selectors4j.internal.awaiting;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.DescriptorTestCase;
import io.github.selectors4j.EveryMechanism;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.SelectThread;
import io.github.selectors4j.TestDescriptor;
import io.github.selectors4j.internal.Events;
import java.util.Objects;
import org.junit.jupiter.api.Timeout;

/** Generations come round after 2³² times of arming, which a connection may live to see. */
@Timeout(60)
class ArmingTest extends DescriptorTestCase {

  private static final int QUARTER = 1 << 30;

  @EveryMechanism
  void whoWaitsMeanwhileIsToldAllTheSame(Mechanism mechanism) throws Exception {
    TestDescriptor.Pair pair = TestDescriptor.socketPair();
    int number = addCleanup(pair.rd()).fileno();
    TestDescriptor peer = addCleanup(pair.wr());
    Waiters waiters = new Waiters(mechanism);
    addCleanup(waiters::close);
    for (int start : new int[] {1, -QUARTER, Integer.MAX_VALUE - 1, -1}) {
      waiters.await(number, Events.WRITE, -1);
      Arming arming = Objects.requireNonNull(waiters.entries.get(number)).arming;
      arming.generation = start;
      try (var waiting = SelectThread.start(() -> waiters.await(number, Events.READ, -1))) {
        while (!waiters.entries.get(number).isAwaited(number)) {
          Thread.onSpinWait();
        }
        for (int quarter = 1; quarter <= 3; quarter++) {
          waiters.await(number, Events.WRITE, -1);
          arming.generation += QUARTER;
          waiters.await(number, Events.WRITE, -1);
        }
        peer.write("x");
        assertEquals(Events.READ, waiting.result());
        assertEquals("x", pair.rd().read());
      }
    }
  }
}
