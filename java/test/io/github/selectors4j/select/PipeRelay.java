package io.github.selectors4j.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.TestDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The pipes of CPython's {@code test_poll1} and {@code test_devpoll1}: a message goes through each,
 * in an order that is drawn, as the object under test reports them ready.
 */
final class PipeRelay implements AutoCloseable {
  private static final String MESSAGE = " This is a test.";

  private final Map<Integer, TestDescriptor.Pair> pipeOf = new HashMap<>();
  private final List<TestDescriptor.Pair> pipes = new ArrayList<>();

  PipeRelay(int numPipes) {
    for (int i = 0; i < numPipes; i++) {
      TestDescriptor.Pair pipe = TestDescriptor.pipe();
      pipes.add(pipe);
      pipeOf.put(pipe.rd().fileno(), pipe);
      pipeOf.put(pipe.wr().fileno(), pipe);
    }
  }

  List<TestDescriptor> readers() {
    return pipes.stream().map(TestDescriptor.Pair::rd).toList();
  }

  List<TestDescriptor> writers() {
    return pipes.stream().map(TestDescriptor.Pair::wr).toList();
  }

  /** Sends the messages; ends with every pipe closed, then unregistered. */
  void relay(Poller poller, int in, int out, Unregistration unregistration) throws IOException {
    Random random = new Random(1);
    while (!pipes.isEmpty()) {
      List<Integer> readyWriters = findReadyMatching(poller.poll(), out);
      assertEquals(
          writers().stream().map(TestDescriptor::fileno).collect(Collectors.toSet()),
          Set.copyOf(readyWriters));
      TestDescriptor.Pair pipe = pipeOf.get(readyWriters.get(random.nextInt(readyWriters.size())));
      pipe.wr().write(MESSAGE);

      assertEquals(List.of(pipe.rd().fileno()), findReadyMatching(poller.poll(), in));
      assertEquals(MESSAGE, pipe.rd().read());
      int rd = pipe.rd().fileno();
      int wr = pipe.wr().fileno();
      pipe.wr().close();
      pipe.rd().close();
      unregistration.unregister(wr);
      unregistration.unregister(rd);
      assertTrue(pipes.remove(pipe));
    }
  }

  private static List<Integer> findReadyMatching(List<FdEvent> ready, int flag) {
    return ready.stream().filter(event -> (event.events() & flag) != 0).map(FdEvent::fd).toList();
  }

  @Override
  public void close() {
    for (TestDescriptor.Pair pipe : pipes) {
      pipe.rd().close();
      pipe.wr().close();
    }
  }

  @FunctionalInterface
  interface Poller {
    List<FdEvent> poll() throws IOException;
  }

  @FunctionalInterface
  interface Unregistration {
    void unregister(Object fileobj) throws IOException;
  }
}
