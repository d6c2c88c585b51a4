package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.channels.AsynchronousCloseException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The process's own awaiter, in a process of its own: it stays. */
class SharedAwaiterTest {

  @Test
  void opensWhatItNeedsAtTheFirstAwaitAndCantBeClosed() throws Exception {
    assertEquals(
        List.of(
            "before 0",
            "cancel 0",
            "short of all: EMFILE, and what to do",
            "leaked 0",
            "await 1",
            "cancelled",
            "close UnsupportedOperationException",
            "await 1",
            "Awaiter[shared]"),
        run(Child.class));
  }

  @Test
  void takesTheMechanismThatTheProcessForces() throws Exception {
    List<Mechanism> all = Mechanisms.underTest();
    Mechanism worst = all.get(all.size() - 1); // which no process takes that is not forced
    Map<String, String> properties = ChildJvm.properties();
    properties.put("selectors4j.mechanism", worst.name());
    List<String> command =
        ChildJvm.command(properties, ChildJvm.CLASS_PATH, PollerName.class.getName());
    assertEquals(
        List.of("selectors4j-awaiter-" + worst.name().toLowerCase(java.util.Locale.ROOT)),
        run(command));
  }

  private static List<String> run(Class<?> main) throws Exception {
    return run(ChildJvm.command(main));
  }

  private static List<String> run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      List<String> lines = output.lines().toList();
      assertEquals(0, process.waitFor(), lines::toString);
      return lines;
    }
  }

  /** The main class of that JVM. */
  static final class Child {
    /** These take a single descriptor, the wake-up's. */
    private static final Set<Mechanism> SETLESS = Set.of(Mechanism.POLL, Mechanism.SELECT);

    private Child() {}

    public static void main(String[] arguments) throws Exception {
      Awaiter awaiter = Awaiter.shared();
      assertSame(awaiter, Awaiter.shared());
      // Whatever opens files or loads classes has run by then.
      try (Awaiter warm = Awaiter.open();
          TestPipe pipe = TestPipe.readable()) {
        warm.await(pipe.source, EVENT_READ);
        warm.await(pipe.source, EVENT_READ, Duration.ZERO);
      }
      AwaitThread.awaitPollers(Set.of()); // who may release them later on a busy machine
      int before = count();
      System.out.println("before " + (count() - before));
      System.out.println("cancel " + awaiter.cancel(0));
      try (TestPipe pipe = TestPipe.open()) {
        int open = count();
        try (ScarceDescriptors none = ScarceDescriptors.none()) {
          System.out.println("short of all: " + errno(() -> await(awaiter, pipe)));
          if (!SETLESS.contains(Mechanism.best())) {
            none.allow(1);
            assertEquals("EMFILE, and what to do", errno(() -> await(awaiter, pipe)));
          }
        }
        System.out.println("leaked " + (count() - open));
        pipe.write();
        System.out.println("await " + awaiter.await(pipe.source, EVENT_READ));
        pipe.read();
        try (var waiting =
            AwaitThread.start(SelectThread::daemon, awaiter, pipe.source, EVENT_READ)) {
          awaiter.cancel(pipe.source);
          assertSame(AsynchronousCloseException.class, waiting.failure());
          System.out.println("cancelled");
        }
        try {
          awaiter.close();
        } catch (UnsupportedOperationException e) {
          System.out.println("close " + e.getClass().getSimpleName());
        }
        pipe.write();
        System.out.println("await " + awaiter.await(pipe.source, EVENT_READ, Duration.ZERO));
      }
      System.out.println(awaiter);
    }

    private static int await(Awaiter awaiter, TestPipe pipe) throws Exception {
      return awaiter.await(pipe.source, EVENT_READ, Duration.ofSeconds(30));
    }

    static int count() throws Exception {
      return DescriptorLeakCheck.openDescriptors().size();
    }

    static String errno(Callable<?> call) throws Exception {
      try {
        return "no " + call.call();
      } catch (SystemCallException e) {
        boolean says = String.valueOf(e.getMessage()).contains("raise it (ulimit -n)");
        return e.errnoName() + (says ? ", and what to do" : "");
      }
    }
  }

  /** The main class of another one. */
  static final class PollerName {
    private PollerName() {}

    public static void main(String[] arguments) throws Exception {
      try (TestPipe pipe = TestPipe.readable()) {
        Awaiter.shared().await(pipe.source, EVENT_READ);
      }
      Thread.getAllStackTraces().keySet().stream()
          .map(Thread::getName)
          .filter(name -> name.startsWith("selectors4j-awaiter"))
          .forEach(System.out::println);
    }
  }
}
