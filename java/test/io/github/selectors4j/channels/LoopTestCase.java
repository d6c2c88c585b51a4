package io.github.selectors4j.channels;

import static io.github.selectors4j.TestLibrary.getFl;
import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.channels.SelectionKey.OP_WRITE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.ChildJvm;
import io.github.selectors4j.DescriptorTestCase;
import io.github.selectors4j.EpollSelector;
import io.github.selectors4j.TestDescriptor;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SelectableChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Descriptors of all kinds in a loop that stands on the JDK's selectors. */
@Timeout(120)
public abstract class LoopTestCase extends DescriptorTestCase {
  private static final int CHILDREN = 200;
  private static final int LONG_SECONDS = 30;

  /** How many run at a time. */
  private static final int BATCH = 20;

  /** More than a pipe holds, so that the child has to wait until some of it was read. */
  private static final String LONG_OUTPUT =
      IntStream.rangeClosed(1, 20_000)
          .mapToObj(String::valueOf)
          .collect(Collectors.joining("\n", "", "\n"));

  private final Class<? extends Loop> kind;
  private final LinkedBlockingQueue<Object> seen = new LinkedBlockingQueue<>();
  private final List<Exception> failures = Collections.synchronizedList(new ArrayList<>());

  /** For a kind of loop that has a constructor without parameters. */
  protected LoopTestCase(Class<? extends Loop> kind) {
    this.kind = kind;
  }

  /** A new loop of that kind. */
  public static Loop open(Class<?> kind) throws Exception {
    return (Loop) kind.getConstructor().newInstance();
  }

  /**
   * Waits until no selector has the channel any more: from then on its descriptor may be closed.
   */
  public static void awaitLetGo(Loop loop, SelectableChannel channel) {
    while (channel.isRegistered()) {
      loop.execute(() -> {});
      Thread.onSpinWait();
    }
  }

  /** In a JVM of its own, whose stdin is a pipe: see {@link FourKinds}. */
  @Test
  void stdinInotifyTheOutputOfAChildAndASocket() throws Exception {
    Process program =
        new ProcessBuilder(ChildJvm.command(FourKinds.class, kind.getName()))
            .redirectErrorStream(true)
            .start();
    List<String> printed = new ArrayList<>();
    try (var output = program.inputReader(US_ASCII);
        var input = program.outputWriter(US_ASCII)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        printed.add(line);
        if (line.equals(FourKinds.PROMPT)) {
          input.write("a line\n");
          input.flush();
        }
      }
      assertEquals(0, program.waitFor(), printed::toString);
    } finally {
      program.destroyForcibly().waitFor();
    }
    assertEquals(List.of(FourKinds.PROMPT, FourKinds.PROMPT, FourKinds.DONE), printed);
  }

  @Test
  void cancelCloseAndRegisterAgain() throws Exception {
    TestDescriptor.Pair pair = makeSocketPair();
    TestDescriptor fileobj = pair.rd();
    int flags = getFl(fileobj.fileno());
    try (Loop loop = open(kind)) {
      SelectableChannel channel = addCleanup(SelectableChannels.of(fileobj));
      AutoCloseable watch = loop.watch(channel, OP_READ, () -> seen.add(fileobj.read()));
      pair.wr().write("one");
      assertEquals("one", seen());

      watch.close();
      awaitLetGo(loop, channel);
      pair.wr().write("two");
      assertNothingSeen(loop);
      loop.watch(channel, OP_READ, () -> seen.add(fileobj.read()));
      assertEquals("two", seen());

      channel.close();
      awaitLetGo(loop, channel);
      pair.wr().write("three");
      assertNothingSeen(loop);
      SelectableChannel another = addCleanup(SelectableChannels.of(fileobj));
      watch = loop.watch(another, OP_READ, () -> seen.add(fileobj.read()));
      assertEquals("three", seen());

      watch.close();
      awaitLetGo(loop, another);
      AutoCloseable[] writing = new AutoCloseable[1];
      CountDownLatch isSet = new CountDownLatch(1);
      writing[0] =
          loop.watch(
              another,
              OP_WRITE,
              () -> {
                isSet.await();
                writing[0].close();
                seen.add("writable");
              });
      isSet.countDown();
      assertEquals("writable", seen());
      assertNothingSeen(loop);
    }
    assertEquals(flags, getFl(fileobj.fileno()));
    pair.wr().write("four");
    assertEquals("four", fileobj.read());
  }

  /** A descriptor goes on after its loop, in another one. */
  @Test
  void fromOneLoopToAnother() throws Exception {
    TestDescriptor.Pair pair = makePipe();
    SelectableChannel channel = addCleanup(SelectableChannels.of(pair.rd()));
    for (int i = 0; i < 2; i++) {
      try (Loop loop = open(kind)) {
        loop.watch(channel, OP_READ, () -> seen.add(pair.rd().read()));
        pair.wr().write("byte");
        assertEquals("byte", seen());
      }
      assertTrue(channel.isOpen());
      assertFalse(channel.isRegistered());
    }
  }

  @Test
  void aSelectorWithItsOwnKeys() throws Exception {
    TestDescriptor.Pair one = makePipe();
    TestDescriptor.Pair other = makePipe();
    EpollSelector selector = addCleanup(EpollSelector.open());
    selector.register(one.rd(), EpollSelector.EVENT_READ);
    selector.register(other.rd(), EpollSelector.EVENT_READ);
    try (Loop loop = open(kind);
        SelectableChannel channel = SelectableChannels.of(selector)) {
      loop.watch(
          channel,
          OP_READ,
          () ->
              selector.selectNow(
                  (key, events) -> seen.add(((TestDescriptor) key.fileobj()).read())));
      for (TestDescriptor.Pair pair : List.of(one, other)) {
        pair.wr().write("from " + pair.rd());
        assertEquals("from " + pair.rd(), seen());
      }
      assertNothingSeen(loop);
    }
  }

  @Test
  void twoHundredChildrenWithoutALostByte() throws Exception {
    Map<String, String> expected = new TreeMap<>();
    Map<String, String> printed = Collections.synchronizedMap(new TreeMap<>());
    Semaphore room = new Semaphore(BATCH);
    try (Loop loop = open(kind)) {
      for (int i = 0; i < CHILDREN; i++) {
        String output = i % BATCH == 0 ? LONG_OUTPUT : "out " + i + "\n";
        expected.put(i + " out", output);
        expected.put(i + " err", "err " + i + "\n");
        expected.put(i + " end", "0");
        assertTrue(room.tryAcquire(LONG_SECONDS, TimeUnit.SECONDS), () -> "stuck after " + printed);
        Process child =
            new ProcessBuilder(
                    "sh",
                    "-c",
                    (i % BATCH == 0 ? "seq 20000" : "echo out " + i) + "; echo err " + i + " >&2")
                .redirectInput(new File("/dev/null"))
                .start();
        Semaphore ends = new Semaphore(-2);
        Runnable ended =
            () -> {
              ends.release();
              if (ends.tryAcquire()) {
                room.release();
              }
            };
        watchOutput(loop, child.getInputStream(), i + " out", printed, ended);
        watchOutput(loop, child.getErrorStream(), i + " err", printed, ended);
        String name = i + " end";
        watchOnce(
            loop,
            child,
            () -> {
              printed.put(name, String.valueOf(child.waitFor()));
              ended.run();
              return true;
            });
      }
      assertTrue(
          room.tryAcquire(BATCH, LONG_SECONDS, TimeUnit.SECONDS), () -> "never ended: " + printed);
    }
    assertEquals(List.of(), failures);
    assertEquals(expected, printed);
  }

  private void watchOutput(
      Loop loop, InputStream output, String name, Map<String, String> printed, Runnable ended)
      throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    watchOnce(
        loop,
        output,
        () -> {
          if (!readAvailable(output, bytes)) {
            return false;
          }
          output.close();
          printed.put(name, bytes.toString(US_ASCII));
          ended.run();
          return true;
        });
  }

  private interface Attempt {
    boolean isLast() throws Exception;
  }

  /** Closes the channel, and so ends the watch, once the handler has said that it was the last. */
  private void watchOnce(Loop loop, Object fileobj, Attempt attempt) throws Exception {
    SelectableChannel channel = SelectableChannels.of(fileobj);
    loop.watch(
        channel,
        OP_READ,
        () -> {
          try {
            if (channel.isOpen() && attempt.isLast()) {
              channel.close();
            }
          } catch (Exception e) {
            failures.add(e);
            channel.close();
          }
        });
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

  private Object seen() throws InterruptedException {
    return seen.poll(LONG_SECONDS, TimeUnit.SECONDS);
  }

  /** Also not while the loop goes round once more. */
  private void assertNothingSeen(Loop loop) throws InterruptedException {
    for (int i = 0; i < 2; i++) {
      CountDownLatch round = new CountDownLatch(1);
      loop.execute(round::countDown);
      assertTrue(round.await(LONG_SECONDS, TimeUnit.SECONDS));
    }
    assertNull(seen.peek());
  }
}
