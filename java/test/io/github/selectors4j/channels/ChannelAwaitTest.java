package io.github.selectors4j.channels;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.Awaiter;
import io.github.selectors4j.ChildJvm;
import io.github.selectors4j.SelectThread;
import io.github.selectors4j.TestLibrary;
import io.github.selectors4j.ThreadKinds;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A channel waits by the shared awaiter: beside others, whom it leaves alone, and off its carrier.
 */
@Tag("mechanism-independent")
@Timeout(60)
class ChannelAwaitTest extends ChannelTestCase {

  @ParameterizedTest
  @EnumSource
  void anothersCancelHasItWaitAgain(FileKind kind) throws Exception {
    for (ThreadFactory threads : ThreadKinds.all()) {
      Ends ends = open(kind);
      Awaiter shared = Awaiter.shared();
      for (Object cancelled : List.of(ends.sourceFd(), ends.source())) {
        try (var reader = SelectThread.start(threads, reading(ends.source()));
            var other = SelectThread.start(threads, awaiting(ends.sourceFd()))) {
          Object before = reader.awaitParked();
          other.awaitParked();
          assertTrue(shared.cancel(cancelled) >= 1);
          assertSame(AsynchronousCloseException.class, other.failure().getClass());
          Object after;
          while ((after = reader.awaitParked()) == before) {
            Thread.onSpinWait();
          }
          assertTrue(after.toString().contains("READ of fd " + ends.sourceFd()), after::toString);
          ends.sink().write(ByteBuffer.allocate(1));
          assertEquals(1, reader.result());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void closeEndsItsOwnWaitsAlone(FileKind kind) throws Exception {
    for (ThreadFactory threads : ThreadKinds.all()) {
      Ends ends = open(kind);
      DescriptorChannel closed = addCleanup(DescriptorChannel.of(ends.sourceFd()));
      try (var first = SelectThread.start(threads, reading(closed));
          var second = SelectThread.start(threads, reading(closed));
          var other = SelectThread.start(threads, reading(ends.source()));
          var awaiting = SelectThread.start(threads, awaiting(ends.sourceFd()))) {
        for (SelectThread<Integer> each : List.of(first, second, other, awaiting)) {
          each.awaitParked();
        }
        closed.close();
        assertSame(AsynchronousCloseException.class, first.failure().getClass());
        assertSame(AsynchronousCloseException.class, second.failure().getClass());
        assertFalse(other.isDone() || awaiting.isDone());
        ends.sink().write(ByteBuffer.allocate(1));
        assertEquals(1, other.result());
        assertEquals(EVENT_READ, awaiting.result());
      }
    }
  }

  private static Callable<Integer> awaiting(int fd) {
    return () -> Awaiter.shared().await(fd, EVENT_READ);
  }

  /** Standard input among them. If one of them held the only carrier, no other would go on. */
  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void aVirtualThreadThatWaitsLeavesTheOnlyCarrierToOthers() throws Exception {
    List<String> command = ChildJvm.command(Child.class);
    command.add(1, "-Djdk.virtualThreadScheduler.parallelism=1");
    command.add(1, "-Djdk.virtualThreadScheduler.maxPoolSize=1");
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var output = child.inputReader(StandardCharsets.UTF_8);
        var input = child.getOutputStream()) {
      assertEquals("others go on", output.readLine());
      input.write('x');
      input.flush();
      assertEquals(
          List.of(
              "stdin 1, AsynchronousCloseException, ClosedByInterruptException",
              "terminal 1, AsynchronousCloseException, ClosedByInterruptException",
              "pipe 1, AsynchronousCloseException, ClosedByInterruptException"),
          output.lines().toList());
      assertEquals(0, child.waitFor());
    }
  }

  /** The main class of that JVM. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws Exception {
      ThreadFactory threads = ThreadKinds.all().get(1);
      int[] terminal = FileKind.TERMINAL.open();
      int[] pipe = FileKind.PIPE.open();
      Map<String, Object> files = new LinkedHashMap<>();
      files.put("stdin", System.in);
      files.put("terminal", terminal[0]);
      files.put("pipe", pipe[0]);
      List<SelectThread<Integer>> readers = new ArrayList<>();
      for (Object file : files.values()) {
        readers.add(SelectThread.start(threads, reading(DescriptorChannel.of(file))));
        readers.get(readers.size() - 1).awaitParked();
      }
      System.out.println(SelectThread.start(threads, () -> "others go on").result());
      TestLibrary.write(terminal[1], (byte) '\n');
      TestLibrary.write(pipe[1], (byte) 'x');
      int index = 0;
      for (Map.Entry<String, Object> file : files.entrySet()) {
        int count = readers.get(index++).result();
        System.out.printf(
            "%s %d, %s, %s%n",
            file.getKey(),
            count,
            endOfWait(threads, file.getValue(), false),
            endOfWait(threads, file.getValue(), true));
      }
    }

    private static String endOfWait(ThreadFactory threads, Object file, boolean isInterrupted)
        throws Exception {
      DescriptorChannel channel = DescriptorChannel.of(file);
      try (var reader = SelectThread.start(threads, reading(channel))) {
        reader.awaitParked();
        if (isInterrupted) {
          reader.thread().interrupt();
        } else {
          channel.close();
        }
        return reader.failure().getClass().getSimpleName();
      }
    }
  }
}
