package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.channels.ClosedSelectorException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the documentation says of virtual threads; platform threads are held against them. */
class VirtualThreadsTest extends DescriptorTestCase {
  private static final int PAIRS = 20;
  private static final int MESSAGES = 20;
  private static final int PATIENCE_MILLIS = 30_000;

  /** "A virtual thread that selects pins its carrier." */
  @Test
  @Tag("mechanism-independent")
  void aSelectPinsItsCarrier() throws Exception {
    List<String> expected =
        Runtime.version().feature() >= 21
            ? List.of("a platform thread holds up no other", "a virtual thread holds up another")
            : List.of("a platform thread holds up no other");
    Process child = new ProcessBuilder(OneCarrier.command()).redirectErrorStream(true).start();
    try (var output = child.inputReader(StandardCharsets.UTF_8)) {
      assertEquals(expected, output.lines().toList());
    }
    assertEquals(0, child.waitFor());
    child.getOutputStream().close();
  }

  /**
   * "Let a platform thread select, and hand what is ready to virtual threads": unregistered, for it
   * stays ready until it was read.
   */
  @EveryMechanism
  void aPlatformThreadHandsOverToThreadsOfAnyKind(Mechanism mechanism) throws Exception {
    for (ThreadFactory kind : ThreadKinds.all()) {
      BaseSelector selector = addCleanup(mechanism.open());
      List<TestDescriptor> clients = new ArrayList<>();
      for (int i = 0; i < PAIRS; i++) {
        TestDescriptor.Pair pair = makeSocketPair();
        selector.register(pair.rd(), EVENT_READ);
        clients.add(pair.wr());
      }
      ReadyHandler handOver =
          (key, events) -> {
            selector.unregister(key.fileobj());
            kind.newThread(() -> echo(selector, (TestDescriptor) key.fileobj())).start();
          };
      try (SelectThread<Void> loop =
          SelectThread.start(
              () -> {
                while (true) {
                  selector.select(null, handOver);
                }
              })) {
        for (int message = 0; message < MESSAGES; message++) {
          for (TestDescriptor client : clients) {
            client.write("message " + message);
          }
          for (TestDescriptor client : clients) {
            assertEquals("message " + message, await(client).read());
          }
        }
        selector.close();
        assertInstanceOf(ClosedSelectorException.class, loop.failure());
      }
    }
  }

  /** Watched again before the client can have got its answer. */
  private static void echo(BaseSelector selector, TestDescriptor server) {
    try {
      String message = server.read();
      selector.register(server, EVENT_READ);
      server.write(message);
    } catch (Throwable e) {
      server.write(e.toString());
    }
  }

  private static TestDescriptor await(TestDescriptor client) {
    int ready = TestLibrary.poll(client.fileno(), TestLibrary.POLLIN, PATIENCE_MILLIS);
    assertEquals(TestLibrary.POLLIN, ready);
    return client;
  }

  /** A JVM whose virtual threads have one carrier. */
  static final class OneCarrier {
    private static final Duration WHILE = Duration.ofMillis(300);

    static List<String> command() {
      List<String> command = ChildJvm.command(OneCarrier.class);
      command.add(1, "-Djdk.virtualThreadScheduler.parallelism=1");
      command.add(1, "-Djdk.virtualThreadScheduler.maxPoolSize=1");
      return command;
    }

    public static void main(String[] arguments) throws Exception {
      String kindName = "platform";
      for (ThreadFactory kind : ThreadKinds.all()) {
        try (BaseSelector selector = DefaultSelector.open();
            var selecting = SelectThread.start(kind, selector::select)) {
          selecting.awaitBlocked();
          Thread other = kind.newThread(() -> {});
          other.start();
          // A thread that is held up never ends meanwhile, however long it takes; so only one that
          // isn't gets all the time that it may need.
          other.join(kindName.equals("platform") ? PATIENCE_MILLIS : WHILE.toMillis());
          System.out.printf(
              "a %s thread holds up %s%n", kindName, other.isAlive() ? "another" : "no other");
          selector.wakeup();
          selecting.result();
          other.join();
        }
        kindName = "virtual";
      }
    }
  }
}
