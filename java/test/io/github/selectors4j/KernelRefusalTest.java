package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.Elapsed.assertStillWorks;
import static io.github.selectors4j.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.selectors4j.internal.system.Errno;
import java.io.File;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the kernel refuses, or would if it were asked: descriptors that are not open, and files. */
class KernelRefusalTest {
  private static final long KIB = 1024;

  @EveryMechanism
  void registerRefusesANumberThatIsNotOpen(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      int closed = TestPipe.UNUSED;
      for (int fd : new int[] {closed, 1 << 20, Integer.MAX_VALUE - 1, Integer.MAX_VALUE}) {
        SystemCallException refusal =
            assertRefused(
                SystemCallException.class, () -> selector.register(fd, EVENT_READ), fd, "EBADF");
        assertEquals(TestLibrary.EBADF, refusal.errno());
        assertEquals("EBADF", refusal.errnoName());
        assertTrue(refusal.call().contains(Integer.toString(fd)), refusal.call());
      }
      assertTrue(selector.getMap().isEmpty());
      assertRefused(NoSuchElementException.class, () -> selector.getKey(closed), closed);
      assertStillWorks(selector);
    }
  }

  @EveryMechanism
  void aNumberThatIsNotOpenCostsNoMemory(Mechanism mechanism) throws Exception {
    int calls = 100;
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (BaseSelector selector = mechanism.open()) {
      long heap = threads.getCurrentThreadAllocatedBytes();
      long addresses = addressSpaceKib();
      for (int call = 0; call < calls; call++) {
        assertRefused(
            SystemCallException.class,
            () -> selector.register(Integer.MAX_VALUE, EVENT_READ | EVENT_WRITE),
            Integer.MAX_VALUE);
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - heap;
      assertTrue(allocated < calls * 64 * KIB, () -> allocated + " bytes of heap");
      // Select's bitmap, the smallest of tables, would take 256 MiB.
      long grown = addressSpaceKib() - addresses;
      assertTrue(grown < 200 * KIB, () -> grown + " KiB of address space");
      assertStillWorks(selector);
    }
  }

  /** What glibc sets aside for a new thread's heap is why it can't be required to stay as it is. */
  private static long addressSpaceKib() throws Exception {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmSize:"))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElseThrow();
    }
  }

  @EveryMechanism
  void aRegularFileIsAlwaysReadyOrRefusedWithAdvice(Mechanism mechanism, @TempDir File folder)
      throws Exception {
    // kqueue reports a file as readable until its end.
    Path regular = Files.writeString(folder.toPath().resolve("regular"), "content");
    assertAlwaysReadyOrRefused(mechanism, regular.toFile());
    if (mechanism != Mechanism.KQUEUE) {
      assertAlwaysReadyOrRefused(mechanism, new File("/dev/null"));
    }
  }

  private static void assertAlwaysReadyOrRefused(Mechanism mechanism, File path) throws Exception {
    try (BaseSelector selector = mechanism.open();
        RandomAccessFile file = new RandomAccessFile(path, "rw")) {
      if (mechanism == Mechanism.EPOLL) {
        assertRefusedForGood(selector, file);
      } else {
        SelectorKey key = selector.register(file, EVENT_READ | EVENT_WRITE);
        assertEquals(List.of(new ReadyKey(key, EVENT_READ | EVENT_WRITE)), selector.selectNow());
        selector.unregister(file);
      }
      assertTrue(selector.getMap().isEmpty());
      assertStillWorks(selector);
    }
  }

  private static void assertRefusedForGood(BaseSelector selector, RandomAccessFile file)
      throws Exception {
    SystemCallException refusal =
        assertRefused(
            SystemCallException.class,
            () -> selector.register(file, EVENT_READ),
            file.toString(),
            "EPERM",
            "always ready",
            "PollSelector");
    assertEquals("EPERM", refusal.errnoName());
    assertRefused(NoSuchElementException.class, () -> selector.getKey(file), file);
    assertTrue(selector.selectNow().isEmpty());
  }

  /** Found by the object, or only by its number. Poll and select have nothing to refuse. */
  @EveryMechanism
  void aRefusedModifyNamesTheObjectThatWasRegistered(Mechanism mechanism) throws Exception {
    for (boolean byObject : new boolean[] {true, false}) {
      try (BaseSelector selector = mechanism.open();
          TestPipe pipe = TestPipe.open()) {
        HasFileno registered = () -> pipe.source;
        Object fileobj = byObject ? registered : (Object) pipe.source;
        selector.register(registered, EVENT_READ);
        pipe.closeSource();
        assertRefused(
            SystemCallException.class,
            () -> selector.modify(fileobj, EVENT_WRITE),
            registered,
            pipe.source,
            "EBADF");
      }
    }
  }

  static Stream<Arguments> modifications() {
    return Mechanisms.underTest().stream()
        .flatMap(
            mechanism ->
                Stream.of(
                    Arguments.of(mechanism, EVENT_WRITE, "data"),
                    Arguments.of(mechanism, EVENT_READ, "data"),
                    Arguments.of(mechanism, EVENT_READ, "other")));
  }

  /** Also where nothing differs. */
  @ParameterizedTest(name = "{0}, events {1}, data {2}")
  @MethodSource("modifications")
  void modifyOfALostDescriptorDropsTheKey(Mechanism mechanism, int events, String data)
      throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      selector.register(pipe.source, EVENT_READ, "data");
      pipe.closeSource();
      SystemCallException refusal =
          assertRefused(
              SystemCallException.class,
              () -> selector.modify(pipe.source, events, data),
              pipe.source);
      assertEquals(TestLibrary.EBADF, refusal.errno());
      assertTrue(selector.getMap().isEmpty());
      assertRefused(
          NoSuchElementException.class, () -> selector.unregister(pipe.source), pipe.source);
      assertStillWorks(selector);
    }
  }

  /** A selector that can't be opened for want of descriptors is refused, not absent. */
  @EveryMechanism
  void openWithoutDescriptorsIsRefusedAndLeavesNone(Mechanism mechanism) throws Exception {
    try (ScarceDescriptors scarce = ScarceDescriptors.none()) {
      SystemCallException refusal = assertRefused(SystemCallException.class, mechanism::open);
      assertEquals("EMFILE", refusal.errnoName());
      assertTrue(mechanism.isAvailable());
      for (int spare = 1; spare < 4; spare++) {
        scarce.allow(1);
        for (int round = 0; round < 10; round++) {
          try (BaseSelector opened = mechanism.open()) {
            assertTrue(opened.isOpen());
          } catch (SystemCallException stillTooFew) {
            assertEquals("EMFILE", stillTooFew.errnoName());
          }
        }
      }
    }
    try (BaseSelector selector = mechanism.open()) {
      assertStillWorks(selector);
    }
  }

  @Test
  void theNumberOfAnErrorWithoutANameIsGiven() {
    SystemCallException refusal = Errno.exception("ioctl(fd 3)", 4711);
    assertEquals(4711, refusal.errno());
    assertTrue(refusal.errnoName().contains("4711"), refusal.errnoName());
    assertEquals("ioctl(fd 3)", refusal.call());
  }
}
