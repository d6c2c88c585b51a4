package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_HANGUP;
import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;

/** Processes as file objects: ready to read once they have ended. */
class ProcessTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int CHILDREN = Integer.getInteger("selectors4j.test.children", 100);

  @EveryMechanism
  void eachEndIsReportedOnce(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      Set<Object> running = new HashSet<>();
      int ended = 0;
      for (int started = 0; started < CHILDREN || !running.isEmpty(); ) {
        if (started < CHILDREN && running.size() < 20) {
          Process child = start("true");
          Object fileobj = started % 2 == 0 ? child : child.toHandle();
          selector.register(fileobj, EVENT_READ, child);
          running.add(fileobj);
          started++;
          continue;
        }
        List<ReadyKey> ready = selector.select(LONG);
        assertTrue(!ready.isEmpty(), () -> "never reported: " + running);
        for (ReadyKey each : ready) {
          assertEquals(EVENT_READ, each.events());
          assertEquals(0, ((Process) each.key().data()).waitFor(), "the JDK goes on reaping");
          selector.unregister(each.key().fileobj());
          assertTrue(running.remove(each.key().fileobj()), "reported twice");
          ended++;
        }
      }
      assertEquals(CHILDREN, ended);
      assertTrue(selector.getMap().isEmpty());
    }
  }

  @EveryMechanism
  void staysReadyOnceItHasEnded(Mechanism mechanism) throws Exception {
    Process child = start("sleep", "1000");
    try (BaseSelector selector = mechanism.open()) {
      SelectorKey key = selector.register(child, EVENT_READ);
      assertEquals(List.of(), selector.selectNow());
      assertSame(key, selector.getKey(key.fd()));
      child.destroyForcibly();
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select(LONG));
      child.waitFor();
      child.onExit().get();
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select(LONG));
      assertSame(key, selector.unregister(child));
      SelectorKey again = selector.register(child, EVENT_READ);
      assertEquals(List.of(new ReadyKey(again, EVENT_READ)), selector.selectNow());
    }
  }

  @EveryMechanism
  void aHandleIsFoundByItsValue(Mechanism mechanism) throws Exception {
    Process child = start("sleep", "1000");
    try (BaseSelector selector = mechanism.open()) {
      SelectorKey key = selector.register(ProcessHandle.of(child.pid()).orElseThrow(), EVENT_READ);
      ProcessHandle another = ProcessHandle.of(child.pid()).orElseThrow();
      assertSame(key, selector.getKey(another));
      assertThrows(IllegalStateException.class, () -> selector.register(another, EVENT_READ));
      assertThrows(NoSuchElementException.class, () -> selector.getKey(child));
      assertSame(key, selector.unregister(another));
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @EveryMechanism
  void nothingElseCanBeWaitedFor(Mechanism mechanism) throws Exception {
    Process child = start("sleep", "1000");
    try (BaseSelector selector = mechanism.open()) {
      for (int events : new int[] {EVENT_WRITE, EVENT_READ | EVENT_WRITE, EVENT_HANGUP}) {
        assertThrows(IllegalArgumentException.class, () -> selector.register(child, events));
      }
      SelectorKey key = selector.register(child, EVENT_READ);
      assertThrows(IllegalArgumentException.class, () -> selector.modify(child, EVENT_WRITE));
      assertThrows(IllegalArgumentException.class, () -> selector.modify(key.fd(), EVENT_WRITE));
      assertSame(key, selector.getKey(child));
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @EveryMechanism
  void oneWithoutAHandleIsRefused(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open()) {
      Process foreign = new HandlelessProcess();
      assertThrows(
          UnsupportedOperationException.class, () -> selector.register(foreign, EVENT_READ));
      assertTrue(selector.getMap().isEmpty());
    }
  }

  /** A HasFileno is watched by its descriptor, whatever else it is. */
  @EveryMechanism
  void oneThatHasADescriptorIsWatchedByThat(Mechanism mechanism) throws Exception {
    try (BaseSelector selector = mechanism.open();
        TestPipe pipe = TestPipe.open()) {
      ProcessWithDescriptor process = new ProcessWithDescriptor();
      process.fd = pipe.sink;
      SelectorKey key = selector.register(process, EVENT_WRITE);
      assertEquals(pipe.sink, key.fd());
      assertSame(key, selector.getKey(process));
      assertSame(key, selector.getMap().get(pipe.sink));
      assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), selector.selectNow());
      process.fd = -1;
      SelectorKey successor = selector.register(pipe.sink, EVENT_WRITE);
      assertEquals(List.of(new ReadyKey(successor, EVENT_WRITE)), selector.selectNow());
    }
  }

  private static Process start(String... command) throws Exception {
    Process child = new ProcessBuilder(command).start();
    child.getOutputStream().close();
    child.getInputStream().close();
    child.getErrorStream().close();
    return child;
  }

  private static final class ProcessWithDescriptor extends HandlelessProcess implements HasFileno {
    int fd;

    @Override
    public int fileno() {
      return fd;
    }
  }

  private static class HandlelessProcess extends Process {
    @Override
    public OutputStream getOutputStream() {
      return OutputStream.nullOutputStream();
    }

    @Override
    public InputStream getInputStream() {
      return InputStream.nullInputStream();
    }

    @Override
    public InputStream getErrorStream() {
      return InputStream.nullInputStream();
    }

    @Override
    public int waitFor() {
      return 0;
    }

    @Override
    public int exitValue() {
      return 0;
    }

    @Override
    public void destroy() {}
  }
}
