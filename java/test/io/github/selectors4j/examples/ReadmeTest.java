package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.TestLibrary.check;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.Awaiter;
import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import io.github.selectors4j.ReadyKey;
import io.github.selectors4j.TestLibrary;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the code in README.md, in a JVM whose stdin is a pipe. */
@Timeout(60)
class ReadmeTest {
  private final BlockingQueue<Integer> handled = new LinkedBlockingQueue<>();

  @Test
  void reportsFourKindsOfFileObjects() throws Exception {
    try (ExampleProcess program = ExampleProcess.start(Program.class)) {
      program.send("hello");
      List<String> expected =
          List.of("stdin is ready", "server is ready", "child is ready", "library is ready");
      assertEquals(Set.copyOf(expected), Set.copyOf(program.awaitEnd()));
      assertEquals(0, program.process.waitFor());
    }
  }

  @Test
  void aThreadForEachDescriptor() throws Exception {
    int[] fds = new int[20];
    int[] sinks = new int[fds.length];
    for (int i = 0; i < fds.length; i++) {
      int[] pipe = new int[2];
      check(TestLibrary.pipe(pipe));
      fds[i] = pipe[0];
      sinks[i] = pipe[1];
    }
    ExecutorService threads = VirtualThreads.executor();
    for (int fd : fds) {
      threads.submit(
          () -> {
            Awaiter.shared().await(fd, EVENT_READ);
            return handle(fd);
          });
    }
    for (int sink : sinks) {
      TestLibrary.write(sink, (byte) 1);
    }
    Set<Integer> seen = new HashSet<>();
    while (seen.size() < fds.length) {
      seen.add(handled.take());
    }
    threads.shutdown();
    for (int i = 0; i < fds.length; i++) {
      check(TestLibrary.close(fds[i]));
      check(TestLibrary.close(sinks[i]));
    }
  }

  private int handle(int fd) {
    handled.add(fd);
    return TestLibrary.read(fd).length;
  }

  static final class Program {
    public static void main(String[] args) throws Exception {
      int[] pipe = new int[2];
      check(TestLibrary.pipe(pipe));
      TestLibrary.write(pipe[1], (byte) 1);
      Process child = new ProcessBuilder("echo", "hello").start();
      child.waitFor();
      ServerSocket server = new ServerSocket(0);
      new Socket("localhost", server.getLocalPort());
      for (Object fileobj : List.of(System.in, server)) {
        try (BaseSelector selector = DefaultSelector.open()) {
          selector.register(fileobj, EVENT_READ);
          selector.select();
        }
      }
      lookOnce(server, child, pipe[0]);
    }

    private static void lookOnce(ServerSocket server, Process child, int fd) throws IOException {
      try (BaseSelector selector = DefaultSelector.open()) {
        selector.register(System.in, EVENT_READ, "stdin");
        selector.register(server, EVENT_READ, "server");
        selector.register(child.getInputStream(), EVENT_READ, "child");
        selector.register(fd, EVENT_READ, "library"); // a descriptor's number, from C code
        for (ReadyKey ready : selector.select(Duration.ofSeconds(10))) {
          System.out.println(ready.key().data() + " is ready");
        }
      }
    }
  }
}
