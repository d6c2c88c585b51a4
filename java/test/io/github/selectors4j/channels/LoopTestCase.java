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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Descriptors of all kinds in a loop that stands on the JDK's selectors. */
@Timeout(120)
public abstract class LoopTestCase extends DescriptorTestCase {
  private static final int LONG_SECONDS = 30;

  @TempDir Path folder;

  private final Class<? extends Loop> kind;
  private final LinkedBlockingQueue<Object> seen = new LinkedBlockingQueue<>();

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
  public static void awaitLetGo(Loop loop, SelectableChannel channel) throws InterruptedException {
    while (channel.isRegistered()) {
      loop.execute(() -> {});
      Thread.onSpinWait();
    }
    // The selector forgets it first, and has it release what is its own then.
    awaitTurn(loop);
  }

  /** Waits until the loop's thread has come to what is to be done now. */
  private static void awaitTurn(Loop loop) throws InterruptedException {
    CountDownLatch turn = new CountDownLatch(1);
    loop.execute(turn::countDown);
    assertTrue(turn.await(LONG_SECONDS, TimeUnit.SECONDS));
  }

  /** In a JVM of its own, whose stdin is a pipe: see {@link FourKinds}. */
  @Test
  void stdinInotifyTheOutputOfAChildAndASocket() throws Exception {
    Path errors = folder.resolve("errors");
    Process program =
        new ProcessBuilder(ChildJvm.command(FourKinds.class, kind.getName()))
            .redirectError(errors.toFile())
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
      assertEquals(0, program.waitFor(), Files.readString(errors));
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
      AutoCloseable writing = loop.watch(another, OP_WRITE, () -> seen.offer("writable"));
      assertEquals("writable", seen());
      writing.close();
      awaitLetGo(loop, another);
    }
    assertEquals(flags, getFl(fileobj.fileno()));
    pair.wr().write("four");
    assertEquals("four", fileobj.read());
  }

  /** A descriptor goes on after its loop, in another one. */
  @Test
  void fromOneLoopToAnother() throws Exception {
    TestDescriptor.Pair pair = makePipe();
    SelectableChannel channel = SelectableChannels.of(pair.rd());
    for (int i = 0; i < 2; i++) {
      if (!channel.isOpen()) {
        channel = SelectableChannels.of(pair.rd()); // some close what they have when they end
      }
      try (Loop loop = open(kind)) {
        loop.watch(channel, OP_READ, () -> seen.add(pair.rd().read()));
        pair.wr().write("byte");
        assertEquals("byte", seen());
      }
      assertFalse(channel.isRegistered());
    }
    channel.close();
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
      loop.watch(channel, OP_READ, () -> look(selector));
      for (TestDescriptor.Pair pair : List.of(one, other)) {
        pair.wr().write("from " + pair.rd());
        assertEquals("from " + pair.rd(), seen());
      }
      assertNothingSeen(loop);
    }
  }

  private void look(EpollSelector selector) {
    try {
      selector.selectNow((key, events) -> seen.add(((TestDescriptor) key.fileobj()).read()));
    } catch (IOException e) {
      seen.add(e);
    }
  }

  @Test
  void twoHundredChildrenWithoutALostByte() throws Exception {
    try (Loop loop = open(kind)) {
      Children.readAll(
          (fileobj, step) -> {
            SelectableChannel channel = SelectableChannels.of(fileobj);
            loop.watch(
                channel,
                OP_READ,
                () -> {
                  if (channel.isOpen() && step.isLast()) {
                    close(channel);
                  }
                });
          });
    }
  }

  private static void close(SelectableChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Object seen() throws InterruptedException {
    return seen.poll(LONG_SECONDS, TimeUnit.SECONDS);
  }

  /** Also not while the loop goes round once more. */
  private void assertNothingSeen(Loop loop) throws InterruptedException {
    for (int i = 0; i < 2; i++) {
      awaitTurn(loop);
    }
    assertNull(seen.peek());
  }
}
