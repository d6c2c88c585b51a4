package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.DescriptorLeakCheck.openDescriptors;
import static io.github.selectors4j.Refused.assertRefused;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.ClosedSelectorException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** How the streams of a process are registered, found and let go. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.selectors4j.Mechanisms#underTest")
@Tag(Interposed.TOO)
class ProcessStreamsTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @Parameter Mechanism mechanism;
  @TempDir Path directory;

  private BaseSelector selector;

  @BeforeEach
  void openSelector() throws IOException {
    selector = mechanism.open();
  }

  @AfterEach
  void closeSelector() {
    selector.close();
  }

  @Test
  void inputStreamIsWatchedThroughADuplicate() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    try {
      Map<Integer, String> before = openDescriptors();
      InputStream stream = cat.getInputStream();
      SelectorKey key = selector.register(stream, EVENT_READ, "data");
      assertSame(stream, key.fileobj());

      Map<Integer, String> opened = openedSince(before);
      assertEquals(List.of(key.fd()), List.copyOf(opened.keySet()), "opened by register");
      List<Integer> originals =
          before.entrySet().stream()
              .filter(entry -> entry.getValue().equals(opened.get(key.fd())))
              .map(Map.Entry::getKey)
              .toList();
      assertEquals(1, originals.size(), "the duplicate is of a pipe that was open once");

      assertSame(key, selector.getKey(stream));
      assertSame(key, selector.getKey(key.fd()));
      assertSame(key, selector.getMap().get(stream));
      assertSame(key, selector.getMap().get(key.fd()));
      assertNull(selector.getMap().get(originals.get(0)));
      assertRefused(
          IllegalStateException.class, () -> selector.register(stream, EVENT_READ), stream);
      assertRefused(
          NoSuchElementException.class,
          () -> selector.getKey(cat.getErrorStream()),
          cat.getErrorStream());
      SelectorKey modified = selector.modify(stream, EVENT_READ, "other");
      assertEquals(new SelectorKey(stream, key.fd(), EVENT_READ, "other"), modified);
      assertEquals(opened, openedSince(before), "neither of these opened or closed a descriptor");
      assertTrue(selector.selectNow().isEmpty());

      assertSame(modified, selector.unregister(stream));
      assertEquals(before, openDescriptors(), "unregister closes the duplicate");
    } finally {
      end(cat);
    }
  }

  @Test
  void closeClosesTheDuplicates() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    try {
      Map<Integer, String> before = openDescriptors();
      try (BaseSelector another = mechanism.open()) {
        another.register(cat.getInputStream(), EVENT_READ);
        another.register(cat.getErrorStream(), EVENT_READ);
        assertFalse(openedSince(before).isEmpty());
      }
      assertEquals(before, openDescriptors());
    } finally {
      end(cat);
    }
  }

  @Test
  void closeDuringASelectClosesTheDuplicates() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    try {
      Map<Integer, String> before = openDescriptors();
      BaseSelector another = mechanism.open();
      another.register(cat.getInputStream(), EVENT_READ);
      try (SelectThread<List<ReadyKey>> thread = SelectThread.startBlocked(another::select)) {
        another.close();
        assertInstanceOf(ClosedSelectorException.class, thread.failure());
      }
      assertEquals(before, openDescriptors());
    } finally {
      end(cat);
    }
  }

  @Test
  void refusedRegistrationLeavesNoDuplicate() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    try {
      InputStream stream = cat.getInputStream();
      Map<Integer, String> before = openDescriptors();
      assertRefused(IllegalArgumentException.class, () -> selector.register(stream, 0), stream);
      assertEquals(before, openDescriptors());
    } finally {
      end(cat);
    }
  }

  /** A duplicate would keep the end of its input from the child. */
  @Test
  void outputStreamIsWatchedByItsOwnNumberThoughItsKeyHasAnother() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    try {
      Map<Integer, String> before = openDescriptors();
      OutputStream stream = cat.getOutputStream();
      SelectorKey key = selector.register(stream, EVENT_WRITE);
      assertEquals(before.size() + 1, openDescriptors().size(), "the placeholder");
      assertNull(before.get(key.fd()));
      assertSame(key, selector.getKey(stream));
      assertSame(key, selector.getKey(key.fd()));
      assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), selector.select(LONG));
      stream.write("x\n".getBytes(US_ASCII));
      stream.flush();
      assertEquals('x', cat.getInputStream().read());
      assertSame(key, selector.unregister(stream));
      assertEquals(before, openDescriptors());
      stream.close();
      assertEquals(0, cat.waitFor(), "cat has seen the end of its input");
    } finally {
      end(cat);
    }
  }

  @Test
  void outputStreamThatWasClosedIsFoundByIdentityAndStaysReady() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    try {
      OutputStream stream = cat.getOutputStream();
      SelectorKey key = selector.register(stream, EVENT_WRITE);
      stream.close();
      assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), selector.select(LONG));
      assertSame(key, selector.unregister(stream));
      SelectorKey again = selector.register(stream, EVENT_WRITE);
      assertEquals(List.of(new ReadyKey(again, EVENT_WRITE)), selector.selectNow());
      selector.unregister(stream);
    } finally {
      end(cat);
    }
  }

  /** What the JDK has drained into memory stays readable, and no pipe could say so. */
  @Test
  void drainedStreamIsAlwaysReadable() throws Exception {
    Map<Integer, String> before = openDescriptors();
    Process echo = new ProcessBuilder("echo", "hello").start();
    awaitDescriptors(before);
    for (InputStream stream : List.of(echo.getInputStream(), echo.getErrorStream())) {
      SelectorKey key = selector.register(stream, EVENT_READ);
      List<ReadyKey> ready = List.of(new ReadyKey(key, EVENT_READ));
      assertEquals(ready, selector.selectNow());
      String expected = stream == echo.getInputStream() ? "hello\n" : "";
      assertEquals(expected, new String(stream.readAllBytes(), US_ASCII));
      assertEquals(ready, selector.select(LONG), "the end of the stream is readable");
      assertSame(key, selector.unregister(stream));
      assertTrue(selector.selectNow().isEmpty());
    }
    assertEquals(before, openDescriptors());
  }

  @Test
  void closedStreamHasNoDescriptor() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    try {
      InputStream stream = cat.getInputStream();
      SelectorKey key = selector.register(stream, EVENT_READ);
      stream.close();
      assertSame(key, selector.getKey(stream));
      assertSame(key, selector.unregister(stream));
      assertRefused(
          IllegalArgumentException.class,
          () -> selector.register(stream, EVENT_READ),
          stream,
          "it is closed");
    } finally {
      end(cat);
    }
  }

  @Test
  void redirectedStreamsHaveNoDescriptor() throws Exception {
    Path file = directory.resolve("file");
    assertNoDescriptors(
        new ProcessBuilder("true")
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(file.toFile())
            .redirectError(Redirect.appendTo(file.toFile()))
            .start());
    assertNoDescriptors(
        new ProcessBuilder("true")
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start());
    assertNoDescriptors(new ProcessBuilder("true").inheritIO().start());
  }

  private void assertNoDescriptors(Process process) throws InterruptedException {
    for (Object stream :
        List.of(process.getInputStream(), process.getErrorStream(), process.getOutputStream())) {
      assertRefused(
          IllegalArgumentException.class,
          () -> selector.register(stream, EVENT_READ),
          stream,
          "redirected");
    }
    assertEquals(0, process.waitFor());
  }

  static Map<Integer, String> openedSince(Map<Integer, String> before) throws IOException {
    Map<Integer, String> opened = new TreeMap<>(openDescriptors());
    opened.keySet().removeAll(before.keySet());
    return Collections.unmodifiableMap(opened);
  }

  /** Waits until the JDK has drained and closed the streams of every process that has exited. */
  static void awaitDescriptors(Map<Integer, String> expected) throws Exception {
    long started = System.nanoTime();
    for (Map<Integer, String> open = openDescriptors(); !open.equals(expected); ) {
      if (System.nanoTime() - started > LONG.toNanos()) {
        assertEquals(expected, open);
      }
      Thread.onSpinWait();
      open = openDescriptors();
    }
  }

  static void end(Process process) throws Exception {
    process.destroyForcibly().waitFor();
    process.getInputStream().close();
    process.getErrorStream().close();
    process.getOutputStream().close();
  }
}
