package io.github.selectors4j;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.channels.ClosedSelectorException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A JVM ends although threads of it wait, without {@code Thread.stop}. */
class ShutdownTest {
  private static final int PROMPT_SECONDS = 20;
  private static final int SIGTERM = 15;

  @Test
  void daemonThreadsThatSelectDoNotHoldUpTheEnd() throws Exception {
    assertEnds(0, List.of(), "daemon");
  }

  @Test
  void closeEndsThreadsThatWouldHoldItUp() throws Exception {
    assertEnds(0, ends(), "close");
  }

  @Test
  void closeInAShutdownHookAfterExit() throws Exception {
    assertEnds(3, ends(), "exit");
  }

  @Test
  void closeInAShutdownHookAfterASignal() throws Exception {
    assertEnds(128 + SIGTERM, ends(), "signal");
  }

  private static List<String> ends() {
    return Mechanisms.underTest().stream().map(mechanism -> mechanism + " ended").toList();
  }

  private static void assertEnds(int status, List<String> expected, String how) throws Exception {
    Process child =
        new ProcessBuilder(ChildJvm.command(Selecting.class, how))
            .redirectErrorStream(true)
            .start();
    try (BufferedReader output = child.inputReader(UTF_8)) {
      assertEquals(Selecting.READY, output.readLine());
      if (how.equals("signal")) {
        child.toHandle().destroy(); // the method of Process closes its streams, too
      }
      assertTrue(child.waitFor(PROMPT_SECONDS, TimeUnit.SECONDS), "goes on");
      assertEquals(expected, output.lines().toList());
      assertEquals(status, child.exitValue());
    } finally {
      child.destroyForcibly().waitFor();
      child.getOutputStream().close();
    }
  }

  /** A JVM in which a thread for each mechanism selects. */
  static final class Selecting {
    static final String READY = "selecting";

    private final List<BaseSelector> selectors = new ArrayList<>();
    private final List<SelectThread<?>> threads = new ArrayList<>();

    public static void main(String[] arguments) throws Exception {
      Selecting selecting = new Selecting();
      String how = arguments[0];
      selecting.start(how.equals("daemon") ? SelectThread::daemon : Thread::new);
      if (how.equals("exit") || how.equals("signal")) {
        Runtime.getRuntime().addShutdownHook(new Thread(selecting::close));
      }
      System.out.println(READY);
      switch (how) {
        case "close" -> selecting.close();
        case "exit" -> System.exit(3);
        default -> {} // the end of this thread is not the JVM's, unless all others are daemons
      }
    }

    private void start(ThreadFactory kind) throws Exception {
      for (Mechanism mechanism : Mechanisms.underTest()) {
        BaseSelector selector = mechanism.open();
        selectors.add(selector);
        threads.add(SelectThread.start(kind, selector::select));
      }
      for (SelectThread<?> thread : threads) {
        thread.awaitBlocked();
      }
    }

    private void close() {
      selectors.forEach(BaseSelector::close);
      for (int i = 0; i < threads.size(); i++) {
        System.out.println(selectors.get(i).mechanism() + " " + outcome(threads.get(i)));
      }
    }

    private static String outcome(SelectThread<?> thread) {
      try {
        Throwable failure = thread.failure();
        return failure instanceof ClosedSelectorException ? "ended" : failure.toString();
      } catch (Exception e) {
        return e.toString();
      }
    }
  }
}
