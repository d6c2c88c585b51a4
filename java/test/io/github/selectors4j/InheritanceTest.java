package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.DescriptorLeakCheck.openDescriptors;
import static io.github.selectors4j.ProcessStreamsTest.openedSince;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.select.Devpoll;
import io.github.selectors4j.select.Epoll;
import io.github.selectors4j.select.Kqueue;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No program that this process starts gets a descriptor of the library's, at no time. */
class InheritanceTest {
  private static final Pattern FLAGS = Pattern.compile("^flags:\\s*([0-7]+)$", Pattern.MULTILINE);
  private static final Pattern LINK = Pattern.compile("(\\d+) -> (.*)");

  @TempDir Path folder;

  private Process running;
  private Process drained;

  @BeforeEach
  void startProcesses() throws Exception {
    running = new ProcessBuilder("cat").start();
    Map<Integer, String> before = openDescriptors();
    drained = new ProcessBuilder("true").start();
    ProcessStreamsTest.awaitDescriptors(before);
  }

  @AfterEach
  void endProcesses() throws Exception {
    ProcessStreamsTest.end(drained);
    ProcessStreamsTest.end(running);
  }

  /** A selector and primitives, in use, with all that makes them open descriptors. */
  private final class Everything implements AutoCloseable {
    final BaseSelector selector;
    private final Deque<Closeable> opened = new ArrayDeque<>();

    Everything(Mechanism mechanism, boolean kqueue) throws Exception {
      selector = mechanism.open();
      opened.push(selector::close);
      replaceSet();
      selector.register(running.getInputStream(), EVENT_READ);
      selector.register(running.getErrorStream(), EVENT_READ);
      selector.register(running.getOutputStream(), EVENT_WRITE);
      selector.register(drained.getInputStream(), EVENT_READ);
      selector.wakeup();
      assertFalse(selector.select(Duration.ofNanos(1_500_000)).isEmpty());
      selector.unregister(running.getOutputStream());
      if (Epoll.isAvailable()) {
        opened.push(Epoll.open()::close);
      }
      if (kqueue && Kqueue.isAvailable()) {
        opened.push(Kqueue.open()::close);
      }
      if (Devpoll.isAvailable()) {
        opened.push(Devpoll.open()::close);
      }
    }

    /** Has epoll put a new set in the old one's place, for the sake of an event that is stale. */
    private void replaceSet() throws Exception {
      try (TestPipe kept = TestPipe.readable()) {
        StaleEventsTest.leaveStale(selector, kept);
        assertTrue(selector.selectNow().isEmpty());
      }
    }

    @Override
    public void close() throws IOException {
      while (!opened.isEmpty()) {
        opened.pop().close();
      }
    }
  }

  @EveryMechanism
  void everyDescriptorIsCloseOnExec(Mechanism mechanism) throws Exception {
    Map<Integer, String> before = openDescriptors();
    try (Everything everything = new Everything(mechanism, true)) {
      Map<Integer, String> opened = openedSince(before);
      assertTrue(opened.containsKey(everything.selector.getKey(drained.getInputStream()).fd()));
      assertTrue(opened.size() > 4, opened::toString); // three streams, a wake-up, a primitive
      for (int fd : opened.keySet()) {
        assertTrue(isCloseOnExec(fd), () -> "fd " + fd + " of " + opened);
      }
    }
  }

  @EveryMechanism
  void aProgramStartedDuringASelectInheritsNothing(Mechanism mechanism) throws Exception {
    Map<Integer, String> before = inheritedByAChild();
    try (Everything everything = new Everything(mechanism, true)) {
      everything.selector.unregister(drained.getInputStream());
      try (var blocked = SelectThread.startBlocked(everything.selector::select)) {
        assertEquals(before, inheritedByAChild());
        everything.selector.wakeup();
        assertTrue(blocked.result().isEmpty());
      }
    }
  }

  /**
   * Not even one that is about to become close-on-exec. No child has its parent's kqueue, says
   * kqueue(2); the emulated one is inherited until it has the flag.
   */
  @EveryMechanism
  void aProgramStartedAtAnyTimeInheritsNothing(Mechanism mechanism) throws Exception {
    if (mechanism == Mechanism.KQUEUE) {
      return;
    }
    Map<Integer, String> before = inheritedByAChild();
    AtomicBoolean enough = new AtomicBoolean();
    AtomicInteger rounds = new AtomicInteger();
    try (var opening =
        SelectThread.start(
            () -> {
              while (!enough.get() && !Thread.currentThread().isInterrupted()) {
                new Everything(mechanism, false).close();
                rounds.incrementAndGet();
              }
              return null;
            })) {
      for (int child = 0; child < 30 || (rounds.get() == 0 && !opening.isDone()); child++) {
        assertEquals(before, inheritedByAChild());
      }
      enough.set(true);
      opening.result();
    }
  }

  /** That the tests above would see one. */
  @Test
  @Tag("mechanism-independent")
  void aDescriptorWithoutTheFlagIsInherited() throws Exception {
    Map<Integer, String> before = inheritedByAChild();
    try (TestPipe pipe = TestPipe.open()) {
      assertTrue(isCloseOnExec(pipe.source));
      assertEquals(before, inheritedByAChild());
      TestLibrary.check(TestLibrary.setFd(pipe.source, 0));
      assertFalse(isCloseOnExec(pipe.source));
      before.put(pipe.source, openDescriptors().get(pipe.source));
      assertEquals(before, inheritedByAChild());
    }
  }

  private static boolean isCloseOnExec(int fd) {
    try {
      String info = Files.readString(Path.of("/proc/self/fdinfo/" + fd));
      Matcher flags = FLAGS.matcher(info);
      assertTrue(flags.find(), info);
      return (Integer.parseInt(flags.group(1), 8) & TestLibrary.O_CLOEXEC) != 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What a program finds open of all that has no path: the JVM's own files, which it opens whenever
   * it likes, are not all close-on-exec.
   */
  private Map<Integer, String> inheritedByAChild() throws IOException {
    Path listing = folder.resolve("listing");
    Files.write(listing, new byte[0]);
    int opened = TestLibrary.open(listing.toString(), TestLibrary.O_WRONLY);
    try (TestDescriptor out = new TestDescriptor(opened)) {
      assertEquals(0, TestLibrary.execLs("/proc/self/fd", out.fileno()));
    }
    Map<Integer, String> inherited = new TreeMap<>();
    Matcher link = LINK.matcher(Files.readString(listing));
    while (link.find()) {
      inherited.put(Integer.valueOf(link.group(1)), link.group(2));
    }
    assertEquals(listing.toRealPath().toString(), inherited.get(1));
    inherited.values().removeIf(target -> target.startsWith("/"));
    return inherited;
  }
}
