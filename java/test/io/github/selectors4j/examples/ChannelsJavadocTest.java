package io.github.selectors4j.examples;

import static io.github.selectors4j.TestLibrary.check;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.TestLibrary;
import io.github.selectors4j.channels.DescriptorChannel;
import io.github.selectors4j.channels.SelectableChannels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the code in the Javadoc of the channels. */
@Tag("mechanism-independent")
@Timeout(60)
class ChannelsJavadocTest {
  private final LinkedBlockingQueue<Integer> handled = new LinkedBlockingQueue<>();

  private void handle(ByteBuffer events) {
    handled.add(events.remaining());
  }

  @Test
  void readsInotify(@TempDir Path folder) throws Exception {
    int fd = check(TestLibrary.inotify());
    check(TestLibrary.inotifyAddWatch(fd, folder.toString(), TestLibrary.IN_CREATE));
    FutureTask<Void> reading =
        new FutureTask<>(
            () -> {
              readAll(fd);
              return null;
            });
    Thread thread = new Thread(reading);
    thread.start();
    for (int i = 0; i < 2; i++) {
      Files.createFile(folder.resolve("file" + i));
      assertTrue(handled.take() > 0);
    }
    thread.interrupt();
    Throwable end = assertThrows(ExecutionException.class, reading::get).getCause();
    assertEquals(ClosedByInterruptException.class, end.getClass());
  }

  private void readAll(int fd) throws IOException {
    try (DescriptorChannel inotify = DescriptorChannel.adopt(fd)) {
      ByteBuffer events = ByteBuffer.allocateDirect(4096).order(ByteOrder.nativeOrder());
      while (inotify.read(events.clear()) > 0) { // waits; a virtual thread may do so, too
        handle(events.flip());
      }
    }
  }

  /** In a JVM whose stdin is a pipe. */
  @Test
  void waitsForStdin() throws Exception {
    try (ExampleProcess program = ExampleProcess.start(Program.class)) {
      program.send("hello");
      assertEquals(List.of("hello"), program.awaitEnd());
      assertEquals(0, program.process.waitFor());
    }
  }

  static final class Program {
    public static void main(String[] args) throws IOException {
      byte[] bytes = new byte[100];
      try (Selector selector = Selector.open();
          SelectableChannel stdin = SelectableChannels.of(System.in)) {
        stdin.register(selector, SelectionKey.OP_READ);
        selector.select(); // beside sockets, if you like
        System.in.read(bytes);
      }
      System.out.print(new String(bytes, US_ASCII).replace("\0", ""));
    }
  }
}
