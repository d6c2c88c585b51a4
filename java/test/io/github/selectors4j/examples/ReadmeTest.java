package io.github.selectors4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  @Test
  void showsTheExampleTalk() throws Exception {
    String talk =
        Files.readString(Path.of("java/examples/io/github/selectors4j/examples/Talk.java"))
            .replaceFirst("package .*;\n\n", "");
    String readme = Files.readString(Path.of("README.md"));
    assertTrue(readme.contains("```java\n" + talk + "```\n"));
  }

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
