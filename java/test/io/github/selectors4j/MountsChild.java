package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_PRIORITY;
import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code /proc/self/mountinfo} tells of mounts, which each poll of it takes away. For {@link
 * KernelEventsTest}, in a mount namespace of its own.
 */
public final class MountsChild implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Path folder = Files.createTempDirectory("selectors4j-mounts");
  private final BaseSelector selector;
  private boolean mounted;

  private MountsChild(Mechanism mechanism) throws IOException {
    selector = mechanism.open();
  }

  private interface Case {
    void run(MountsChild child) throws Exception;
  }

  /** With the mechanism's name. */
  public static void main(String... arguments) throws Exception {
    Mechanism mechanism = Mechanism.valueOf(arguments[0]);
    List<Case> cases =
        List.of(
            MountsChild::eachMountIsReportedOnce,
            MountsChild::aMountBeforeTheRegistrationIsReported,
            MountsChild::readingIsReportedBeside,
            MountsChild::aFullBufferLosesNothing,
            MountsChild::aHandlerThatThrowsLosesNothing,
            MountsChild::aModificationLosesNothing,
            MountsChild::aWakeupLosesNothing,
            MountsChild::aReplacedSetLosesNothing);
    for (Case each : cases) {
      try (MountsChild child = new MountsChild(mechanism)) {
        each.run(child);
      }
    }
  }

  private void eachMountIsReportedOnce() throws Exception {
    try (FileInputStream mounts = mounts()) {
      SelectorKey key = selector.register(mounts, EVENT_PRIORITY);
      assertEquals(List.of(), selector.selectNow());
      for (int i = 0; i < 4; i++) {
        mountOrUnmount();
        assertEquals(List.of(new ReadyKey(key, EVENT_PRIORITY)), selector.select(LONG));
        assertEquals(List.of(), selector.selectNow());
      }
    }
  }

  private void aMountBeforeTheRegistrationIsReported() throws Exception {
    try (FileInputStream mounts = mounts()) {
      mountOrUnmount();
      SelectorKey key = selector.register(mounts, EVENT_PRIORITY);
      assertEquals(List.of(new ReadyKey(key, EVENT_PRIORITY)), selector.select(LONG));
      assertEquals(List.of(), selector.selectNow());
    }
  }

  private void readingIsReportedBeside() throws Exception {
    try (FileInputStream mounts = mounts()) {
      SelectorKey key = selector.register(mounts, EVENT_READ | EVENT_PRIORITY);
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
      mountOrUnmount();
      assertEquals(List.of(new ReadyKey(key, key.events())), selector.select(LONG));
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
    }
  }

  private void aFullBufferLosesNothing() throws Exception {
    for (int others : new int[] {100, 254, 255, 256, 600}) {
      List<TestPipe> pipes = new ArrayList<>();
      try (FileInputStream mounts = mounts()) {
        SelectorKey key = selector.register(mounts, EVENT_PRIORITY);
        selector.selectNow();
        for (int i = 0; i < others; i++) {
          pipes.add(TestPipe.open());
          selector.register(pipes.get(i).sink, EVENT_WRITE);
        }
        mountOrUnmount();
        List<ReadyKey> ready = selector.selectNow();
        assertTrue(ready.contains(new ReadyKey(key, EVENT_PRIORITY)), () -> others + " others");
        assertEquals(others + 1, ready.size());
        assertEquals(others, selector.selectNow().size());
        selector.unregister(mounts);
        pipes.forEach(pipe -> selector.unregister(pipe.sink));
      } finally {
        pipes.forEach(TestPipe::close);
      }
    }
  }

  private void aHandlerThatThrowsLosesNothing() throws Exception {
    try (FileInputStream one = mounts();
        FileInputStream two = mounts()) {
      selector.register(one, EVENT_PRIORITY);
      selector.register(two, EVENT_PRIORITY);
      selector.selectNow();
      mountOrUnmount();
      List<Object> told = new ArrayList<>();
      ReadyHandler handler =
          (key, events) -> {
            told.add(key.fileobj());
            throw new IOException("of the handler's own");
          };
      assertThrows(IOException.class, () -> selector.select(LONG, handler));
      assertThrows(IOException.class, () -> selector.select(LONG, handler));
      assertEquals(2, told.size());
      assertTrue(told.containsAll(List.of(one, two)));
      assertEquals(List.of(), selector.selectNow());
    }
  }

  /** Neither one to what the key has already, nor one to other events. */
  private void aModificationLosesNothing() throws Exception {
    try (FileInputStream mounts = mounts()) {
      SelectorKey key = selector.register(mounts, EVENT_PRIORITY);
      for (int events : new int[] {EVENT_PRIORITY, EVENT_WRITE | EVENT_PRIORITY, EVENT_PRIORITY}) {
        selector.selectNow();
        mountOrUnmount();
        key = selector.modify(mounts, events);
        List<ReadyKey> ready = selector.selectNow();
        assertEquals(1, ready.size());
        assertEquals(key, ready.get(0).key());
        assertTrue(ready.get(0).isPriority(), () -> "modified to " + events);
      }
      assertEquals(List.of(), selector.selectNow());
    }
  }

  private void aWakeupLosesNothing() throws Exception {
    try (FileInputStream mounts = mounts()) {
      SelectorKey key = selector.register(mounts, EVENT_PRIORITY);
      selector.selectNow();
      mountOrUnmount();
      assertEquals(List.of(new ReadyKey(key, EVENT_PRIORITY)), selector.wakeup().select());
      mountOrUnmount();
      Thread.currentThread().interrupt();
      assertEquals(List.of(new ReadyKey(key, EVENT_PRIORITY)), selector.select());
      assertTrue(Thread.interrupted());
      assertEquals(List.of(), selector.selectNow());
    }
  }

  /**
   * A mount between the wait that finds a stale event and the new set, whose poll takes it away.
   */
  private void aReplacedSetLosesNothing() throws Exception {
    int number = TestPipe.UNUSED;
    for (int events : new int[] {EVENT_PRIORITY, EVENT_READ | EVENT_PRIORITY}) {
      try (FileInputStream mounts = mounts();
          TestPipe ready = TestPipe.readable();
          TestPipe old = TestPipe.openAt(number)) {
        selector.register(mounts, events);
        selector.selectNow();
        selector.register(ready.source, EVENT_READ);
        selector.register(number, EVENT_READ);
        int duplicate = TestLibrary.check(TestLibrary.dup(number));
        old.closeSource();
        selector.unregister(number);
        old.write();
        boolean[] told = new boolean[1];
        ReadyHandler noting = (key, found) -> told[0] |= (found & EVENT_PRIORITY) != 0;
        selector.selectNow(
            (key, found) -> {
              if (key.fd() == ready.source) {
                mountOrUnmount();
              }
            });
        selector.selectNow(noting);
        assertTrue(told[0], () -> "asked for " + events);
        told[0] = false;
        selector.selectNow(noting);
        assertTrue(!told[0], () -> "asked for " + events);
        selector.unregister(mounts);
        selector.unregister(ready.source);
        TestLibrary.check(TestLibrary.close(duplicate));
      }
    }
  }

  private static FileInputStream mounts() throws IOException {
    return new FileInputStream("/proc/self/mountinfo");
  }

  private void mountOrUnmount() throws IOException {
    if (mounted) {
      run("umount", folder.toString());
    } else {
      run("mount", "-t", "tmpfs", "none", folder.toString());
    }
    mounted = !mounted;
  }

  private static void run(String... command) throws IOException {
    try {
      assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    selector.close();
    if (mounted) {
      mountOrUnmount();
    }
    Files.delete(folder);
  }
}
