package io.github.selectors4j.select;

import static io.github.selectors4j.DescriptorLeakCheck.openDescriptors;
import static io.github.selectors4j.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The primitives take the file objects of the selectors, but for one difference: they never
 * duplicate a descriptor, that of a process's stream no more than any other.
 */
class PrimitiveFileObjectsTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private Process cat;
  private Pipe pipe;

  @BeforeEach
  void makeReadable() throws IOException {
    cat = new ProcessBuilder("cat").start();
    cat.getOutputStream().write('\n');
    cat.getOutputStream().flush();
    pipe = Pipe.open();
    pipe.sink().write(ByteBuffer.allocate(1));
  }

  @AfterEach
  void close() throws Exception {
    pipe.source().close();
    pipe.sink().close();
    cat.destroyForcibly().waitFor();
    for (Closeable stream :
        List.of(cat.getInputStream(), cat.getErrorStream(), cat.getOutputStream())) {
      stream.close();
    }
  }

  @Test
  void select() throws Exception {
    for (Object object : List.of(cat.getInputStream(), pipe.source())) {
      Map<Integer, String> before = openDescriptors();
      Select.Ready ready = Select.select(List.of(object), List.of(), List.of(), LONG);
      assertEquals(List.of(object), ready.readable());
      assertEquals(before, openDescriptors());
    }
  }

  @Test
  void poll() throws Exception {
    try (Poll poll = Poll.open()) {
      Map<Integer, String> before = openDescriptors();
      for (Object object : List.of(cat.getInputStream(), pipe.source())) {
        poll.register(object, Poll.POLLIN);
        List<FdEvent> ready = poll.poll(LONG);
        assertEquals(List.of(Poll.POLLIN), ready.stream().map(FdEvent::events).toList());
        assertTrue(before.containsKey(ready.get(0).fd()));
        poll.unregister(object);
      }
      assertEquals(before, openDescriptors());
    }
  }

  @Test
  void epoll() throws Exception {
    try (Epoll epoll = Epoll.open()) {
      Map<Integer, String> before = openDescriptors();
      for (Object object : List.of(cat.getInputStream(), pipe.source())) {
        epoll.register(object, Epoll.EPOLLIN);
        List<FdEvent> ready = epoll.poll(LONG, 1);
        assertEquals(List.of(Epoll.EPOLLIN), ready.stream().map(FdEvent::events).toList());
        assertTrue(before.containsKey(ready.get(0).fd()));
        epoll.unregister(object);
      }
      assertEquals(before, openDescriptors());
    }
  }

  /** What the JDK has drained and closed has no number of its own any more. */
  @Test
  void drainedStream() throws Exception {
    Map<Integer, String> before = openDescriptors();
    Process quick = new ProcessBuilder("true").start();
    quick.waitFor();
    long started = System.nanoTime();
    while (!openDescriptors().equals(before)) {
      assertTrue(System.nanoTime() - started < LONG.toNanos(), "the JDK has not closed its pipes");
      Thread.onSpinWait();
    }
    InputStream drained = quick.getInputStream();
    try (Poll poll = Poll.open()) {
      assertRefused(
          IllegalArgumentException.class, () -> poll.register(drained, Poll.POLLIN), drained);
    }
  }
}
