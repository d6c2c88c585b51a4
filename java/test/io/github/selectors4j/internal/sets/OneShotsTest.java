package io.github.selectors4j.internal.sets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.Elapsed;
import io.github.selectors4j.EveryMechanism;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.internal.fileobject.FileObjects;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.stream.IntStream;
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

  @EveryMechanism
  void whatWasReportedIsNotReportedAgain(Mechanism mechanism) throws Exception {
    OneShotSet set = OneShots.open(mechanism);
    Pipe pipe = Pipe.open();
    try (Pipe.SinkChannel sink = pipe.sink();
        Pipe.SourceChannel source = pipe.source()) {
      sink.write(ByteBuffer.allocate(1));
      int fd = FileObjects.descriptor(source);
      set.arm(fd, 1, 0, BaseSelector.EVENT_READ);
      while (!isReported(set, fd, LONG)) {
        // as long as it is told of the change
      }
      for (int times = 0; times < 3; times++) {
        assertFalse(isReported(set, fd, Duration.ZERO));
      }
      set.remove(fd, BaseSelector.EVENT_READ);
    } finally {
      set.close();
    }
  }

  private static boolean isReported(OneShotSet set, int fd, Duration timeout) throws Exception {
    int found = set.await(timeout.toNanos());
    return IntStream.range(0, Math.max(0, found)).anyMatch(i -> set.fd(i) == fd);
  }
}
