package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Watches the standard streams of the JVM it runs in, for {@link StandardStreamsTest}. Asks for
 * input with {@link #PROMPT} and reports its failures to a file, for it has no stream to spare.
 */
final class StandardStreamsChild {
  static final char PROMPT = '?';
  static final byte[] ANSWER = "answer\n".getBytes(StandardCharsets.US_ASCII);

  private static final Duration LONG = Duration.ofSeconds(30);

  private final InputStream in = System.in;
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final boolean alwaysReady;

  private StandardStreamsChild(boolean alwaysReady) {
    this.alwaysReady = alwaysReady;
  }

  /**
   * @param args the report's file, the {@link StandardStreamsTest.Kind} of the streams, and whether
   *     they are replaced before the library is used
   */
  public static void main(String[] args) throws IOException {
    try (PrintWriter report = new PrintWriter(Path.of(args[0]).toFile(), "UTF-8")) {
      try {
        StandardStreamsChild child =
            new StandardStreamsChild(StandardStreamsTest.Kind.valueOf(args[1]).alwaysReady);
        if (Boolean.parseBoolean(args[2])) {
          child.replaceStreams();
        }
        child.run();
      } catch (Throwable e) {
        e.printStackTrace(report);
      }
    }
  }

  private void replaceStreams() {
    System.setIn(new ByteArrayInputStream(ANSWER));
    System.setOut(new PrintStream(new ByteArrayOutputStream()));
    System.setErr(new PrintStream(new ByteArrayOutputStream()));
  }

  private void run() throws IOException {
    int[] flags = fileFlags();
    for (Mechanism mechanism : Mechanisms.underTest()) {
      try (BaseSelector selector = mechanism.open()) {
        refuseUsersOwn(selector);
        watchOutput(selector, out, FileDescriptor.out, 1);
        watchOutput(selector, err, FileDescriptor.err, 2);
        watchInput(selector);
      }
      assertArrayEquals(flags, fileFlags(), "the flags of the standard descriptors");
    }
    closeInput();
  }

  /** The structure of the JVM's own streams, but of the user's making. */
  private void refuseUsersOwn(BaseSelector selector) {
    FileInputStream rawIn = new FileInputStream(FileDescriptor.in);
    FileOutputStream rawOut = new FileOutputStream(FileDescriptor.out);
    for (Object object :
        List.of(
            new BufferedInputStream(in),
            new BufferedInputStream(rawIn),
            new FilterInputStream(in) {},
            new InputStreamReader(in, StandardCharsets.UTF_8),
            new PrintStream(out),
            new PrintStream(rawOut),
            new PrintStream(new BufferedOutputStream(rawOut)),
            new BufferedOutputStream(err))) {
      assertRefused(
          IllegalArgumentException.class, () -> selector.register(object, EVENT_READ), object);
    }
    for (Object now : List.of(System.in, System.out, System.err)) {
      if (now != in && now != out && now != err) {
        assertRefused(
            IllegalArgumentException.class, () -> selector.register(now, EVENT_READ), now);
      }
    }
  }

  private void watchOutput(
      BaseSelector selector, PrintStream stream, FileDescriptor descriptor, int fd)
      throws IOException {
    if (refused(selector, stream, EVENT_WRITE)) {
      return;
    }
    SelectorKey key = selector.register(stream, EVENT_WRITE);
    assertEquals(new SelectorKey(stream, fd, EVENT_WRITE, null), key);
    assertSame(key, selector.getKey(stream));
    assertSame(key, selector.getKey(descriptor));
    assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), selector.select(LONG));
    selector.unregister(stream);
    assertEquals(fd, selector.register(descriptor, EVENT_WRITE).fd());
    selector.unregister(fd);
  }

  private void watchInput(BaseSelector selector) throws IOException {
    if (refused(selector, in, EVENT_READ)) {
      return;
    }
    SelectorKey key = selector.register(in, EVENT_READ);
    assertEquals(new SelectorKey(in, 0, EVENT_READ, null), key);
    assertSame(key, selector.getKey(in));
    assertSame(key, selector.getKey(0));
    assertSame(key, selector.getKey(FileDescriptor.in));
    assertSame(key, selector.getKey(new FileInputStream(FileDescriptor.in)));
    if (!alwaysReady) {
      assertTrue(selector.selectNow().isEmpty(), "ready before there is input");
      prompt();
    }
    assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select(LONG));
    if (!alwaysReady) {
      assertArrayEquals(ANSWER, in.readNBytes(ANSWER.length));
      assertTrue(selector.selectNow().isEmpty(), "ready after all input was read");
    }
    selector.unregister(in);
    assertEquals(0, selector.register(FileDescriptor.in, EVENT_READ).fd());
    selector.unregister(FileDescriptor.in);
  }

  /** Whether epoll's kernel side refuses the stream, being a file or a device like /dev/null. */
  private boolean refused(BaseSelector selector, Object stream, int events) {
    if (!alwaysReady || selector.mechanism() != Mechanism.EPOLL) {
      return false;
    }
    assertRefused(
        SystemCallException.class,
        () -> selector.register(stream, events),
        stream,
        "EPERM",
        "always ready",
        "PollSelector");
    assertTrue(selector.getMap().isEmpty());
    return true;
  }

  /** A closed stream is found by identity, and has no descriptor any more. */
  private void closeInput() throws IOException {
    Map<BaseSelector, SelectorKey> watchers = new LinkedHashMap<>();
    for (Mechanism mechanism : Mechanisms.underTest()) {
      BaseSelector selector = mechanism.open();
      if (!refused(selector, in, EVENT_READ)) {
        watchers.put(selector, selector.register(in, EVENT_READ));
      }
    }
    in.close();
    for (Map.Entry<BaseSelector, SelectorKey> watcher : watchers.entrySet()) {
      try (BaseSelector selector = watcher.getKey()) {
        assertSame(watcher.getValue(), selector.unregister(in));
        for (Object object : List.of(in, FileDescriptor.in)) {
          assertRefused(
              IllegalArgumentException.class, () -> selector.register(object, EVENT_READ), object);
        }
      }
    }
  }

  private void prompt() {
    out.print(PROMPT);
    out.flush();
  }

  private static int[] fileFlags() {
    return new int[] {TestLibrary.getFl(0), TestLibrary.getFl(1), TestLibrary.getFl(2)};
  }
}
