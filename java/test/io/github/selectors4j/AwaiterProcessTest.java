package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Timeout;

/** Threads that await processes and their streams, by descriptors that are the awaiter's own. */
@Timeout(60)
class AwaiterProcessTest extends ChildTestCase {

  /** The descriptors before the process was started. */
  private Map<Integer, String> before = Map.of();

  private Awaiter open(Mechanism mechanism) throws IOException {
    return addCleanup(Awaiter.open(mechanism));
  }

  private Process start(String... command) throws IOException {
    before = DescriptorLeakCheck.openDescriptors();
    return new ProcessBuilder(command).start();
  }

  private void end(Process process) throws Exception {
    process.destroyForcibly().waitFor();
    process.getInputStream().close();
    process.getOutputStream().close();
    process.getErrorStream().close();
    ProcessStreamsTest.awaitDescriptors(before);
  }

  @EveryMechanismAndThread
  void aProcessIsReadyWhenItHasEnded(Mechanism mechanism, ThreadFactory kind) throws Exception {
    Awaiter awaiter = open(mechanism);
    Process process = start("cat");
    ProcessHandle handle = process.toHandle();
    try (var first = AwaitThread.start(kind, awaiter, process, EVENT_READ);
        var second = AwaitThread.start(kind, awaiter, handle, EVENT_READ, LONG)) {
      assertEquals(0, awaiter.await(process, EVENT_READ, Duration.ZERO));
      assertEquals(0, awaiter.await(handle, EVENT_READ, Duration.ofMillis(1)));
      process.getOutputStream().close();
      assertEquals(EVENT_READ, first.result());
      assertEquals(EVENT_READ, second.result());
    }
    process.waitFor();
    for (Object ended : new Object[] {process, handle}) {
      assertEquals(EVENT_READ, awaiter.await(ended, EVENT_READ));
      assertEquals(EVENT_READ, awaiter.await(ended, EVENT_READ, Duration.ZERO));
      assertThrows(
          IllegalArgumentException.class, () -> awaiter.await(ended, EVENT_READ | EVENT_WRITE));
    }
    end(process);
  }

  @EveryMechanismAndThread
  void aProcessIsCancelledByIdentity(Mechanism mechanism, ThreadFactory kind) throws Exception {
    Awaiter awaiter = open(mechanism);
    Process process = start("cat");
    InputStream output = process.getInputStream();
    try (var ofProcess = AwaitThread.start(kind, awaiter, process, EVENT_READ);
        var ofHandle = AwaitThread.start(kind, awaiter, process.toHandle(), EVENT_READ);
        var ofOutput = AwaitThread.start(kind, awaiter, output, EVENT_READ)) {
      assertEquals(1, awaiter.cancel(process));
      assertSame(AsynchronousCloseException.class, ofProcess.failure());
      assertEquals(1, awaiter.cancel(process.toHandle()));
      assertSame(AsynchronousCloseException.class, ofHandle.failure());
      assertEquals(1, awaiter.cancel(output));
      assertSame(AsynchronousCloseException.class, ofOutput.failure());
      assertEquals(0, awaiter.cancel(process));
    }
    end(process);
  }

  /** Its duplicate is closed with its last await. */
  @EveryMechanismAndThread
  void aChildsOutputIsAwaitedByADuplicate(Mechanism mechanism, ThreadFactory kind)
      throws Exception {
    Awaiter awaiter = open(mechanism);
    Process process = start("cat");
    Map<Integer, String> running = DescriptorLeakCheck.openDescriptors();
    InputStream output = process.getInputStream();
    try (var first = AwaitThread.start(kind, awaiter, output, EVENT_READ);
        var second = AwaitThread.start(kind, awaiter, output, EVENT_READ)) {
      assertEquals(running.size() + 1, DescriptorLeakCheck.openDescriptors().size());
      process.getOutputStream().write('x');
      process.getOutputStream().flush();
      assertEquals(EVENT_READ, first.result());
      assertEquals(EVENT_READ, second.result());
    }
    ProcessStreamsTest.awaitDescriptors(running);
    assertEquals('x', output.read());
    assertEquals(0, awaiter.await(output, EVENT_READ, Duration.ofMillis(1)));
    process.getOutputStream().close();
    process.waitFor();
    for (int times = 0; times < 3; times++) {
      assertEquals(EVENT_READ, awaiter.await(output, EVENT_READ), "at its end");
    }
    assertEquals(-1, output.read());
    end(process);
  }

  @EveryMechanismAndThread
  void aChildsInputIsReadyWhenTheChildHasEnded(Mechanism mechanism, ThreadFactory kind)
      throws Exception {
    Awaiter awaiter = open(mechanism);
    Process process = start("sleep", "1000");
    OutputStream input = process.getOutputStream();
    assertEquals(EVENT_WRITE, awaiter.await(input, EVENT_WRITE));
    fill(process);
    assertEquals(0, awaiter.await(input, EVENT_WRITE, Duration.ZERO));
    assertEquals(0, awaiter.await(input, EVENT_WRITE, Duration.ofMillis(60)));
    try (var first = AwaitThread.start(kind, awaiter, input, EVENT_WRITE);
        var second = AwaitThread.start(kind, awaiter, input, EVENT_WRITE, LONG)) {
      process.destroyForcibly();
      assertEquals(EVENT_WRITE, first.result());
      assertEquals(EVENT_WRITE, second.result());
    }
    process.waitFor();
    awaitClosed(input);
    assertEquals(EVENT_WRITE, awaiter.await(input, EVENT_WRITE));
    assertEquals(EVENT_WRITE, awaiter.await(input, EVENT_WRITE, Duration.ZERO));
    end(process);
  }

  @EveryMechanismAndThread
  void aChildsInputIsCancelledAndInterrupted(Mechanism mechanism, ThreadFactory kind)
      throws Exception {
    Awaiter awaiter = open(mechanism);
    Process process = start("sleep", "1000");
    OutputStream input = process.getOutputStream();
    fill(process);
    try (var interrupted = AwaitThread.start(kind, awaiter, input, EVENT_WRITE)) {
      interrupted.thread().interrupt();
      assertSame(InterruptedException.class, interrupted.failure());
    }
    try (var cancelled = AwaitThread.start(kind, awaiter, input, EVENT_WRITE)) {
      assertEquals(1, awaiter.cancel(input));
      assertSame(AsynchronousCloseException.class, cancelled.failure());
    }
    end(process);
  }

  @EveryMechanismAndThread
  void closeGivesBackWhatIsItsOwn(Mechanism mechanism, ThreadFactory kind) throws Exception {
    Process process = start("cat");
    Awaiter awaiter = open(mechanism);
    try (var ofProcess = AwaitThread.start(kind, awaiter, process, EVENT_READ);
        var ofOutput = AwaitThread.start(kind, awaiter, process.getInputStream(), EVENT_READ)) {
      awaiter.close();
      assertTrue(ofProcess.failure().getName().endsWith("ClosedSelectorException"));
      assertTrue(ofOutput.failure().getName().endsWith("ClosedSelectorException"));
    }
    end(process);
  }
}
