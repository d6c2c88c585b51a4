package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_PRIORITY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes that the kernel tells of by PRIORITY: some of them once, to whoever polls first. */
class KernelEventsTest extends DescriptorTestCase {
  private static final Duration LONG = Duration.ofSeconds(30);

  /**
   * The shortest window that who is not root may have, in microseconds; and a millisecond of it.
   */
  private static final String TRIGGER = "some 1000 2000000\0";

  /** The emulated kernels have none of these. */
  private static final Set<Mechanism> LINUX =
      EnumSet.of(Mechanism.EPOLL, Mechanism.POLL, Mechanism.SELECT);

  static List<Mechanism> mechanisms() {
    return Mechanisms.underTest().stream().filter(LINUX::contains).toList();
  }

  @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
  @MethodSource("mechanisms")
  void noMountIsLost(Mechanism mechanism) throws Exception {
    Mechanisms.assumeNoFdSetsize(mechanism);
    List<String> command = OwnMounts.command(ChildJvm.command(MountsChild.class, mechanism.name()));
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, child.waitFor(), output);
  }

  /** All of them at once, as a window is long. */
  @Test
  void pressureIsReportedOnceInAWindow() throws Exception {
    List<BaseSelector> selectors = new ArrayList<>();
    for (Mechanism mechanism : mechanisms()) {
      BaseSelector selector = addCleanup(mechanism.open());
      selector.register(trigger(), EVENT_PRIORITY);
      selectors.add(selector);
    }
    addCleanup(BusyProcessors.start());
    for (BaseSelector selector : selectors) {
      boolean isReportedOnce = false;
      // A window may begin between the two looks, but not each time.
      for (int attempt = 0; attempt < 3 && !isReportedOnce; attempt++) {
        List<ReadyKey> ready = selector.select(LONG);
        assertEquals(1, ready.size(), () -> "of " + selector);
        assertEquals(EVENT_PRIORITY, ready.get(0).events());
        isReportedOnce = selector.selectNow().isEmpty();
      }
      assertTrue(isReportedOnce, () -> "again and again of " + selector);
    }
  }

  private RandomAccessFile trigger() {
    try {
      RandomAccessFile trigger = addCleanup(new RandomAccessFile("/proc/pressure/cpu", "rw"));
      trigger.write(TRIGGER.getBytes(StandardCharsets.US_ASCII));
      return trigger;
    } catch (IOException e) {
      assumeTrue(false, "this kernel has no pressure stall information for this user: " + e);
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
  @MethodSource("mechanisms")
  void aControlGroupTellsOfItsProcesses(Mechanism mechanism) throws Exception {
    Group group = addCleanup(Group.make());
    Process member = new ProcessBuilder("cat").start();
    try (BaseSelector selector = mechanism.open();
        RandomAccessFile events =
            new RandomAccessFile(group.path.resolve("cgroup.events").toFile(), "r")) {
      assertTrue(reread(events).contains("populated 0"));
      SelectorKey key = selector.register(events, EVENT_PRIORITY);
      assertEquals(List.of(), selector.selectNow());

      Files.writeString(group.path.resolve("cgroup.procs"), Long.toString(member.pid()));
      List<ReadyKey> priority = List.of(new ReadyKey(key, EVENT_PRIORITY));
      assertEquals(priority, selector.select(LONG));
      assertEquals(priority, selector.selectNow(), "until it is read");
      assertTrue(reread(events).contains("populated 1"));
      assertEquals(List.of(), selector.selectNow());

      member.getOutputStream().close();
      assertEquals(priority, selector.select(LONG));
      assertTrue(reread(events).contains("populated 0"));
      assertEquals(List.of(), selector.selectNow());
    } finally {
      member.getOutputStream().close();
      member.waitFor();
    }
  }

  private static String reread(RandomAccessFile file) throws IOException {
    byte[] bytes = new byte[4096];
    file.seek(0);
    return new String(bytes, 0, Math.max(0, file.read(bytes)), StandardCharsets.US_ASCII);
  }

  /** A control group of version 2, if there can be one. */
  private static final class Group implements AutoCloseable {
    final Path path;

    private Group(Path path) {
      this.path = path;
    }

    static Group make() throws IOException {
      Optional<String> mount =
          Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
              .filter(line -> line.contains(" - cgroup2 "))
              .map(line -> line.split(" ")[4])
              .findFirst();
      assumeTrue(mount.isPresent(), "no control groups of version 2 are mounted");
      Path path = Path.of(mount.get(), "selectors4j-test-" + ProcessHandle.current().pid());
      try {
        Files.createDirectory(path);
      } catch (IOException refused) {
        assumeTrue(false, "needs root, for a control group: " + refused);
      }
      return new Group(path);
    }

    @Override
    public void close() throws IOException {
      Files.delete(path);
    }
  }
}
