package io.github.selectors4j.examples;

import static io.github.selectors4j.select.Epoll.EPOLLET;
import static io.github.selectors4j.select.Epoll.EPOLLIN;
import static io.github.selectors4j.select.Poll.POLLHUP;
import static io.github.selectors4j.select.Poll.POLLIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.select.Epoll;
import io.github.selectors4j.select.FdEvent;
import io.github.selectors4j.select.Poll;
import io.github.selectors4j.select.Select;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs the code in the Javadoc of the primitives that Linux has. */
@Tag("mechanism-independent")
class PrimitivesJavadocTest extends JavadocTestCase {
  @Test
  void select() throws IOException {
    Select.Ready ready =
        Select.select(
            List.of(pipe.source()), List.of(pipe.sink()), List.of(), Duration.ofSeconds(1));
    handle(ready.readable()); // has the pipe's source
    handle(ready.writable()); // has its sink
    assertEquals(List.of(List.of(pipe.source()), List.of(pipe.sink())), seen);
  }

  @Test
  void poll() throws IOException {
    try (Poll poll = Poll.open()) {
      poll.register(pipe.source(), POLLIN);
      for (FdEvent event : poll.poll(Duration.ofSeconds(1))) {
        handle(event);
      }
    }
    assertEquals(1, seen.size());
  }

  @Test
  void fdEvent() throws IOException {
    try (Poll poll = Poll.open()) {
      poll.register(pipe.source(), POLLIN);
      pipe.sink().close();
      FdEvent event = poll.poll(null).get(0);
      boolean bytesToRead = (event.events() & POLLIN) != 0;
      boolean writersGone = (event.events() & POLLHUP) != 0;
      assertTrue(bytesToRead && writersGone);
    }
  }

  @Test
  void epoll() throws IOException {
    try (Epoll epoll = Epoll.open()) {
      epoll.register(pipe.source(), EPOLLIN | EPOLLET);
      for (FdEvent event : epoll.poll(Duration.ofSeconds(1), -1)) {
        handle(event); // read until there is nothing left: it is not reported again
      }
    }
    assertEquals(1, seen.size());
  }
}
