package io.github.selectors4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.ChildJvm;
import java.io.File;
import java.io.InputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An example that is called in the wrong way says on stderr how to call it. */
@Tag("mechanism-independent")
@Timeout(60)
class UsageTest {
  static Stream<Arguments> wrongCalls() {
    return Stream.of(
        call(ActivatedEcho.class, "--help"),
        call(EchoServer.class, "-v"),
        call(EchoServer.class, "65536"),
        call(EchoServer.class, "0", "localhost", "uring"),
        call(EchoServer.class, "0", "localhost", "poll", "more"),
        call(FetchPages.class),
        call(FetchPages.class, "--help"),
        call(ListenToPostgres.class, "dbname=test"),
        call(ListenToPostgres.class, "dbname=test", "news; DROP TABLE news"),
        call(ReadKeys.class, "soon"),
        call(RunAndWatch.class),
        call(RunAndWatch.class, "--help"),
        call(SerialLine.class),
        call(SerialLine.class, "/dev/ttyS0", "fast"),
        call(StdinChat.class, "--help"),
        call(StdinChat.class, "65536"),
        call(Supervise.class, "1"),
        call(Supervise.class, "--help", "true"),
        call(Talk.class),
        call(Talk.class, "1234", "more"),
        call(TimersAndTasks.class, "--help"),
        call(WatchBus.class, "--help"),
        call(WatchFiles.class, "no/such/folder"),
        call(WatchFiles.class, ".", "more"),
        call(WatchSystem.class, "disk"),
        call(WatchSystem.class, "cpu", "more"));
  }

  private static Arguments call(Class<?> example, String... arguments) {
    return Arguments.of(example, arguments);
  }

  @ParameterizedTest
  @MethodSource("wrongCalls")
  void saysHowToCallIt(Class<?> example, String[] arguments) throws Exception {
    Process process =
        new ProcessBuilder(ChildJvm.command(example, arguments))
            .redirectInput(new File("/dev/null"))
            .start();
    try (InputStream stdout = process.getInputStream();
        InputStream stderr = process.getErrorStream()) {
      String said = new String(stderr.readAllBytes(), UTF_8);
      assertTrue(said.matches("usage: " + example.getSimpleName() + "( .*)?\\R"), said);
      assertEquals("", new String(stdout.readAllBytes(), UTF_8));
      assertEquals(2, process.waitFor());
    }
  }
}
