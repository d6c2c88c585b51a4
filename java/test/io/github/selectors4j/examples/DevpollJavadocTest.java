package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.select.Poll.POLLIN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.DevpollSelector;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.RequiresMechanism;
import io.github.selectors4j.select.Devpoll;
import io.github.selectors4j.select.FdEvent;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Runs the code in the Javadoc of /dev/poll's selector and primitive. */
@RequiresMechanism(Mechanism.DEVPOLL)
class DevpollJavadocTest extends JavadocTestCase {
  @Test
  void devpollSelector() throws IOException {
    try (DevpollSelector selector = DevpollSelector.open()) {
      selector.register(pipe.source(), EVENT_READ);
      selector.select(Duration.ofMillis(500), (key, events) -> pipe.source().read(buffer));
    }
    assertEquals(1, buffer.position());
  }

  @Test
  void devpoll() throws IOException {
    try (Devpoll devpoll = Devpoll.open()) {
      devpoll.register(pipe.source(), POLLIN);
      for (FdEvent event : devpoll.poll(Duration.ofSeconds(1))) {
        handle(event);
      }
    }
    assertEquals(1, seen.size());
  }
}
