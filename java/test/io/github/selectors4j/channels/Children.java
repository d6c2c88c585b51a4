package io.github.selectors4j.channels;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Two hundred children, whose output, error and end a loop waits for. */
public final class Children {
  private static final int CHILDREN = 200;
  private static final int LONG_SECONDS = 30;

  /** How many run at a time. */
  private static final int BATCH = 20;

  /** More than a pipe holds, so that the child has to wait until some of it was read. */
  private static final String LONG_OUTPUT =
      IntStream.rangeClosed(1, 20_000)
          .mapToObj(String::valueOf)
          .collect(Collectors.joining("\n", "", "\n"));

  private final Loop loop;
  private final Map<String, String> expected = new TreeMap<>();
  private final Map<String, String> printed = Collections.synchronizedMap(new TreeMap<>());
  private final List<Exception> failures = Collections.synchronizedList(new ArrayList<>());
  private final Semaphore room = new Semaphore(BATCH);

  private Children(Loop loop) {
    this.loop = loop;
  }

  /** A loop, whatever it is made of. */
  public interface Loop {
    /** Has the loop's thread take this step whenever the file object is ready to read. */
    void watch(Object fileobj, Step step) throws Exception;
  }

  /** What to do with a file object that is ready. */
  public interface Step {
    /** Whether it need not be watched any more. */
    boolean isLast();
  }

  private interface Attempt {
    boolean isLast() throws Exception;
  }

  /** Has the loop read all that the children print, and see them end. */
  public static void readAll(Loop loop) throws Exception {
    new Children(loop).readAll();
  }

  /** Reads what is there without waiting for more, the stream's own buffer included. */
  static boolean readAvailable(InputStream stream, ByteArrayOutputStream to) throws IOException {
    byte[] bytes = new byte[8192];
    int count;
    do {
      count = stream.read(bytes);
      to.write(bytes, 0, Math.max(count, 0));
    } while (count >= 0 && stream.available() > 0);
    return count < 0;
  }

  private void readAll() throws Exception {
    for (int i = 0; i < CHILDREN; i++) {
      await(1);
      start(i);
    }
    await(BATCH);
    assertEquals(List.of(), failures);
    assertEquals(expected, printed);
  }

  private void await(int children) throws InterruptedException {
    assertTrue(
        room.tryAcquire(children, LONG_SECONDS, TimeUnit.SECONDS),
        () -> failures + " after " + printed.keySet());
  }

  private void start(int i) throws Exception {
    boolean isLong = i % BATCH == 0;
    expected.put(i + " out", isLong ? LONG_OUTPUT : "out " + i + "\n");
    expected.put(i + " err", "err " + i + "\n");
    expected.put(i + " end", "0");
    String script = (isLong ? "seq 20000" : "echo out " + i) + "; echo err " + i + " >&2";
    Process child =
        new ProcessBuilder("sh", "-c", script).redirectInput(new File("/dev/null")).start();
    Semaphore ends = new Semaphore(-2);
    watchOutput(child.getInputStream(), i + " out", ends);
    watchOutput(child.getErrorStream(), i + " err", ends);
    watch(
        child,
        () -> {
          ended(i + " end", String.valueOf(child.waitFor()), ends);
          return true;
        });
  }

  private void watchOutput(InputStream output, String name, Semaphore ends) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    watch(
        output,
        () -> {
          boolean isEnd = readAvailable(output, bytes);
          if (isEnd) {
            output.close();
            ended(name, bytes.toString(US_ASCII), ends);
          }
          return isEnd;
        });
  }

  private void watch(Object fileobj, Attempt attempt) throws Exception {
    loop.watch(
        fileobj,
        () -> {
          try {
            return attempt.isLast();
          } catch (Exception e) {
            failures.add(e);
            return true;
          }
        });
  }

  private void ended(String name, String value, Semaphore ends) {
    printed.put(name, value);
    ends.release();
    if (ends.tryAcquire()) {
      room.release();
    }
  }
}
