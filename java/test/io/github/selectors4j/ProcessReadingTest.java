package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.Refused.assertRefused;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A loop over the selector reads every byte of many processes and sees the end of each stream,
 * whenever the process exits and the JDK drains its pipes. How many descriptors are left is for
 * {@link DescriptorLeakCheck} to see.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.selectors4j.Mechanisms#underTest")
class ProcessReadingTest {
  private static final int PROCESSES = 300;

  /** How many run at a time. */
  private static final int BATCH = 20;

  private static final Duration LONG = Duration.ofSeconds(30);

  @Parameter Mechanism mechanism;

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
  void childThatPrintsAndExitsAtOnce() throws Exception {
    for (int i = 0; i < PROCESSES; i++) {
      Process echo = new ProcessBuilder("echo", "hello", String.valueOf(i)).start();
      assertEquals(List.of("hello " + i + "\n", ""), outputs(List.of(echo)));
    }
  }

  @Test
  void childrenThatExitWhileOthersAreRead() throws Exception {
    for (int done = 0; done < PROCESSES; done += BATCH) {
      List<Process> children = new ArrayList<>();
      List<String> expected = new ArrayList<>();
      for (int i = done; i < done + BATCH; i++) {
        children.add(shell("echo out " + i + "; echo err " + i + " >&2"));
        expected.addAll(List.of("out " + i + "\n", "err " + i + "\n"));
      }
      assertEquals(expected, outputs(children));
    }
  }

  /** The JDK drains the streams between the exit and some moment after the registration. */
  @Test
  void childThatIsGoneBeforeItIsRegistered() throws Exception {
    for (int i = 0; i < PROCESSES; i++) {
      Process echo = new ProcessBuilder("echo", "hello", String.valueOf(i)).start();
      echo.waitFor();
      assertEquals(List.of("hello " + i + "\n", ""), outputs(List.of(echo)));
    }
  }

  /** The pipes stay open, for a while, with nobody to write to them. */
  @Test
  void childThatLeavesAGrandchildBehind() throws Exception {
    for (int done = 0; done < PROCESSES; done += BATCH) {
      List<Process> children = new ArrayList<>();
      List<String> expected = new ArrayList<>();
      for (int i = done; i < done + BATCH; i++) {
        children.add(shell("echo hello " + i + "; sleep 0.05 &"));
        expected.addAll(List.of("hello " + i + "\n", ""));
      }
      assertEquals(expected, outputs(children));
    }
  }

  @Test
  void catThatIsFedAndThenClosed() throws Exception {
    for (int i = 0; i < PROCESSES; i++) {
      Process cat = new ProcessBuilder("cat").start();
      Feed feed = new Feed(cat.getOutputStream(), List.of("one ", "two ", "three " + i));
      selector.register(feed.stream, EVENT_WRITE, feed);
      assertEquals(List.of("one two three " + i, ""), outputs(List.of(cat)));
      assertEquals(0, cat.waitFor());
    }
  }

  /** More than a pipe holds: the child exits long after the first byte was read. */
  @Test
  void outputLargerThanThePipe() throws Exception {
    String numbers =
        IntStream.rangeClosed(1, 100_000)
            .mapToObj(String::valueOf)
            .collect(Collectors.joining("\n", "", "\n"));
    for (int i = 0; i < 5; i++) {
      List<Process> children = List.of(shell("seq 100000"), shell("seq 100000 >&2"));
      assertEquals(List.of(numbers, "", "", numbers), outputs(children));
    }
  }

  /** Before Java 27 the JDK makes a pipe for the error stream even so, to which nobody writes. */
  @Test
  void mergedErrorStream() throws Exception {
    Process child =
        new ProcessBuilder("sh", "-c", "echo out; echo err >&2").redirectErrorStream(true).start();
    InputStream error = child.getErrorStream();
    if (Runtime.version().feature() < 27) {
      assertEquals(List.of("out\nerr\n", ""), contents(List.of(child.getInputStream(), error)));
    } else {
      assertRefused(
          IllegalArgumentException.class,
          () -> selector.register(error, EVENT_READ),
          error,
          "redirected");
      assertEquals(List.of("out\nerr\n"), contents(List.of(child.getInputStream())));
    }
  }

  @Test
  void bytesOfEveryValue() throws Exception {
    byte[] bytes = new byte[256];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    Process cat = new ProcessBuilder("cat").start();
    cat.getOutputStream().write(bytes);
    cat.getOutputStream().close();
    Sink out = new Sink(cat.getInputStream());
    selector.register(out.stream, EVENT_READ, out);
    readToTheEnd();
    assertArrayEquals(bytes, out.bytes.toByteArray());
    cat.getErrorStream().close();
    assertEquals(0, cat.waitFor());
  }

  private static Process shell(String script) throws IOException {
    return new ProcessBuilder("sh", "-c", script).start();
  }

  /** What each process writes to its output, and then to its error stream, up to the end. */
  private List<String> outputs(List<Process> processes) throws IOException {
    List<InputStream> streams = new ArrayList<>();
    for (Process process : processes) {
      streams.add(process.getInputStream());
      streams.add(process.getErrorStream());
    }
    return contents(streams);
  }

  /** What is read from each stream up to its end. */
  private List<String> contents(List<InputStream> streams) throws IOException {
    List<Sink> sinks = streams.stream().map(Sink::new).toList();
    for (Sink sink : sinks) {
      selector.register(sink.stream, EVENT_READ, sink);
    }
    readToTheEnd();
    return sinks.stream().map(sink -> sink.bytes.toString(US_ASCII)).toList();
  }

  private void readToTheEnd() throws IOException {
    Map<Integer, SelectorKey> registered = selector.getMap();
    while (!registered.isEmpty()) {
      List<ReadyKey> ready = selector.select(LONG);
      assertFalse(ready.isEmpty(), () -> "no end of stream in sight: " + registered.values());
      for (ReadyKey one : ready) {
        if (((Task) one.key().data()).step()) {
          selector.unregister(one.key().fileobj());
          ((Closeable) one.key().fileobj()).close();
        }
      }
    }
  }

  /** What is done with a stream each time it is ready. */
  private interface Task {
    /** Reads or writes once; returns whether that was all. */
    boolean step() throws IOException;
  }

  private static final class Sink implements Task {
    final InputStream stream;
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    // As large as the stream's own buffer, which then holds nothing back.
    private final byte[] buffer = new byte[8192];

    Sink(InputStream stream) {
      this.stream = stream;
    }

    @Override
    public boolean step() throws IOException {
      int count = stream.read(buffer);
      if (count == -1) {
        return true;
      }
      bytes.write(buffer, 0, count);
      return false;
    }
  }

  private static final class Feed implements Task {
    final OutputStream stream;

    private final Iterator<String> chunks;

    Feed(OutputStream stream, List<String> chunks) {
      this.stream = stream;
      this.chunks = chunks.iterator();
    }

    @Override
    public boolean step() throws IOException {
      stream.write(chunks.next().getBytes(US_ASCII));
      stream.flush();
      return !chunks.hasNext();
    }
  }
}
