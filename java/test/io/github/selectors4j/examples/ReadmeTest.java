package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.TestLibrary.check;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import io.github.selectors4j.ReadyKey;
import io.github.selectors4j.TestLibrary;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the code in README.md, in a JVM whose stdin is a pipe. */
@Timeout(60)
class ReadmeTest {
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

  static final class Program {
    public static void main(String[] args) throws Exception {
      int[] pipe = new int[2];
      check(TestLibrary.pipe(pipe));
      TestLibrary.write(pipe[1], (byte) 1);
      Process child = new ProcessBuilder("echo", "hello").start();
      child.waitFor();
      try (BaseSelector selector = DefaultSelector.open()) {
        selector.register(System.in, EVENT_READ);
        selector.select();
      }
      ServerSocket server = new ServerSocket(0);
      new Socket("localhost", server.getLocalPort());
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
