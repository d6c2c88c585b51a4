package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.Refused.assertRefused;
import static io.github.selectors4j.TestLibrary.check;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The file streams of {@code java.io}, and file channels, as file objects. */
class WatchedFilesTest extends WatchedObjectTest {
  @Test
  void fifo() throws Exception {
    Path fifo = directory.resolve("fifo");
    check(TestLibrary.mkfifo(fifo.toString()));
    // Opened for both, a FIFO blocks neither this nor the other openings.
    RandomAccessFile both = closing(new RandomAccessFile(fifo.toFile(), "rw"));
    FileInputStream in = closing(new FileInputStream(fifo.toFile()));
    FileOutputStream out = closing(new FileOutputStream(fifo.toFile()));
    FileChannel channelIn = closing(FileChannel.open(fifo, StandardOpenOption.READ));
    FileChannel channelOut = closing(FileChannel.open(fifo, StandardOpenOption.WRITE));

    for (Object reader :
        List.of(both, in, in.getFD(), in.getChannel(), channelIn, both.getChannel())) {
      assertReads(reader, () -> out.write(HELLO));
    }
    for (Object writer :
        List.of(both, out, out.getFD(), out.getChannel(), channelOut, both.getChannel())) {
      assertWrites(writer, () -> read(in));
    }
  }

  /** Where readNBytes would seek. */
  private static byte[] read(FileInputStream fifo) throws IOException {
    byte[] bytes = new byte[HELLO.length];
    new DataInputStream(fifo).readFully(bytes);
    return bytes;
  }

  @Test
  void regularFile() throws Exception {
    Path file = Files.write(directory.resolve("file"), HELLO);
    RandomAccessFile both = closing(new RandomAccessFile(file.toFile(), "rw"));
    FileInputStream in = closing(new FileInputStream(file.toFile()));
    FileOutputStream out = closing(new FileOutputStream(file.toFile(), true));
    FileChannel channel = closing(FileChannel.open(file, StandardOpenOption.READ));
    for (Object object : List.of(both, in, out, channel, in.getFD())) {
      assertAlwaysReady(object);
    }
  }

  @Test
  void devNull() throws Exception {
    assertAlwaysReady(closing(new RandomAccessFile("/dev/null", "rw")));
  }

  /** Or refused, by epoll's kernel side, with that advice. */
  private void assertAlwaysReady(Object object) throws IOException {
    int events = EVENT_READ | EVENT_WRITE;
    if (mechanism == Mechanism.EPOLL) {
      assertRefused(
          SystemCallException.class,
          () -> selector.register(object, events),
          object,
          "EPERM",
          "always ready",
          "PollSelector");
      assertTrue(selector.getMap().isEmpty());
    } else {
      SelectorKey key = selector.register(object, events);
      assertEquals(List.of(new ReadyKey(key, events)), selector.selectNow());
      assertEquals(List.of(new ReadyKey(key, events)), selector.select(LONG));
      selector.unregister(object);
    }
  }
}
