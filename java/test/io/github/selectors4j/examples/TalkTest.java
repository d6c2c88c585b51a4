package io.github.selectors4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TalkTest {
  @Test
  void talksToEchoServer() throws Exception {
    try (ExampleProcess server = ExampleProcess.start(EchoServer.class, "0");
        ExampleProcess talk = ExampleProcess.start(Talk.class, server.port())) {
      talk.send("hello");
      talk.await("^hello$");
      talk.process.getOutputStream().close();
      talk.awaitEnd();
      assertEquals(0, talk.process.waitFor());
    }
  }
}
