package io.github.selectors4j.internal.sets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.Elapsed;
import io.github.selectors4j.EveryMechanism;
import io.github.selectors4j.Mechanism;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;

/** What the pollers of awaiters rely on. */
@Timeout(60)
class OneShotsTest {

  private static final Duration LONG = Duration.ofSeconds(10);

  /** A poller may see in the second wait only that it is to end. */
  @EveryMechanism
  void whoIsWokenOnceWaitsNoMore(Mechanism mechanism) throws Exception {
    OneShotSet set = OneShots.open(mechanism);
    try {
      set.wake();
      for (int times = 0; times < 3; times++) {
        Elapsed elapsed = Elapsed.start();
        int found = set.await(LONG.toNanos());
        elapsed.assertWithin(LONG);
        for (int i = 0; i < found; i++) {
          assertEquals(-1, set.fd(i), "a number that nobody has armed");
        }
      }
    } finally {
      set.close();
    }
  }
}
