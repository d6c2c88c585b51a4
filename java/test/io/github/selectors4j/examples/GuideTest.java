package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.TestLibrary.check;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import io.github.selectors4j.HasFileno;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.ReadyKey;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.TestLibrary;
import io.github.selectors4j.channels.DescriptorChannel;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the code in docs/guide.md. */
@Timeout(60)
class GuideTest {
  private final LinkedBlockingQueue<Integer> handled = new LinkedBlockingQueue<>();
  private BaseSelector selector;
  private Pipe pipe;

  @BeforeEach
  void open() throws IOException {
    selector = DefaultSelector.open();
    pipe = Pipe.open();
    pipe.source().configureBlocking(false);
  }

  @AfterEach
  void close() throws IOException {
    selector.close();
    pipe.source().close();
    pipe.sink().close();
  }

  private void handle(Object fileobj) throws IOException {
    handled.add(((ReadableByteChannel) fileobj).read(ByteBuffer.allocate(100)));
  }

  private void write() throws IOException {
    pipe.sink().write(ByteBuffer.allocate(1));
  }

  @Test
  void callbackInData() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(100);
    write();
    ReadyHandler onInput = (key, events) -> pipe.source().read(buffer);
    selector.register(pipe.source(), EVENT_READ, onInput);
    selector.select(null, (key, events) -> ((ReadyHandler) key.data()).ready(key, events));
    assertEquals(1, buffer.position());
  }

  @Test
  void outputOfAChild() throws Exception {
    for (String script : List.of("echo one; echo two", "echo one; sleep 0.1; echo two")) {
      Process child = new ProcessBuilder("sh", "-c", script).start();
      ByteArrayOutputStream seen = new ByteArrayOutputStream();
      InputStream output = child.getInputStream();
      byte[] bytes = new byte[8192];
      selector.register(output, EVENT_READ);
      int count;
      do {
        if (output.available() == 0) {
          selector.select(); // the stream's own buffer is empty: wait for the child
        }
        count = output.read(bytes);
        seen.write(bytes, 0, Math.max(count, 0));
      } while (count >= 0);
      selector.unregister(output);
      output.close();
      assertEquals("one\ntwo\n", seen.toString(US_ASCII));
      child.getErrorStream().close();
      child.getOutputStream().close();
      assertEquals(0, child.waitFor());
    }
  }

  /** Ends by an interrupt once there was an event. */
  @Test
  void numberAsAChannel(@TempDir Path folder) throws IOException {
    int fd = check(TestLibrary.inotify());
    check(TestLibrary.inotifyAddWatch(fd, folder.toString(), TestLibrary.IN_CREATE));
    Files.createFile(folder.resolve("file"));
    assertThrows(ClosedByInterruptException.class, () -> readEvents(fd));
    assertTrue(Thread.interrupted());
    assertEquals(TestLibrary.IN_CREATE, handled.poll());
  }

  private void readEvents(int fd) throws IOException {
    try (DescriptorChannel inotify = DescriptorChannel.adopt(fd)) {
      ByteBuffer events = ByteBuffer.allocateDirect(4096).order(ByteOrder.nativeOrder());
      while (inotify.read(events.clear()) > 0) { // waits; a virtual thread may do so, too
        handle(events.flip());
      }
    }
  }

  private void handle(ByteBuffer events) {
    handled.add(events.getInt(Integer.BYTES)); // the mask of a struct inotify_event
    Thread.currentThread().interrupt();
  }

  @Test
  void objectOfAnotherLibrary() throws IOException {
    int[] pair = new int[2];
    check(TestLibrary.pipe(pair));
    int fd = pair[0];
    record Sensor(int fileno) implements HasFileno {}

    Sensor sensor = new Sensor(fd);
    selector.register(sensor, EVENT_READ);
    assertEquals(fd, selector.getKey(sensor).fd());
    check(TestLibrary.close(fd));
    check(TestLibrary.close(pair[1]));
  }

  @Test
  void whatIsAlwaysReady(@TempDir Path folder) throws IOException {
    Path path = Files.writeString(folder.resolve("file"), "kqueue reports no file at its end");
    try (FileInputStream file = new FileInputStream(path.toFile());
        BaseSelector selector = DefaultSelector.open()) {
      selector.register(file, EVENT_READ); // a pipe, a terminal, a file, /dev/null
      List<ReadyKey> ready = selector.select(); // at once, for a file
      assertEquals(1, ready.size());
    }
  }

  @Test
  void handOver() throws Exception {
    ExecutorService executor = Executors.newCachedThreadPool();
    selector.register(pipe.source(), EVENT_READ);
    for (int i = 0; i < 3; i++) {
      write();
      selector.select(
          null,
          (key, events) -> {
            selector.unregister(key.fileobj()); // else it stays ready until it was read
            executor.submit(
                () -> {
                  handle(key.fileobj());
                  return selector.register(key.fileobj(), key.events(), key.data());
                });
          });
      assertEquals(1, handled.take());
    }
    executor.shutdown();
    assertTrue(executor.awaitTermination(30, TimeUnit.SECONDS));
  }

  @Test
  void deadline() throws IOException {
    ReadyHandler handler = (key, events) -> fail(String.valueOf(key));
    long start = System.nanoTime();
    long deadline = System.nanoTime() + Duration.ofMillis(20).toNanos();
    do {
      selector.selectNanos(deadline - System.nanoTime(), handler);
    } while (System.nanoTime() - deadline < 0);
    assertTrue(System.nanoTime() - start >= Duration.ofMillis(20).toNanos());
  }

  @Test
  void endOfALoop() throws Exception {
    ReadyHandler handler = (key, events) -> {};
    Thread other = new Thread(selector::close);
    other.start();
    try {
      while (true) {
        selector.select(null, handler);
      }
    } catch (ClosedSelectorException closed) {
      // another thread has called selector.close()
    }
    other.join();
    assertFalse(selector.isOpen());
  }

  @Test
  void checkpoint() throws IOException {
    selector.register(pipe.source(), EVENT_READ, "pipe");
    List<SelectorKey> keys = List.copyOf(selector.getMap().values());
    selector.close();
    selector = DefaultSelector.open();
    for (SelectorKey key : keys) {
      selector.register(key.fileobj(), key.events(), key.data());
    }
    assertEquals(keys, List.copyOf(selector.getMap().values()));
  }
}
