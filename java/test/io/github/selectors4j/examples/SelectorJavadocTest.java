package io.github.selectors4j.examples;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import io.github.selectors4j.EpollSelector;
import io.github.selectors4j.HasFileno;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.PollSelector;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.ReadyKey;
import io.github.selectors4j.SelectSelector;
import io.github.selectors4j.SelectorKey;
import io.github.selectors4j.SystemCallException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the code in the Javadoc of the selectors and of what belongs to them. */
@Tag("mechanism-independent")
class SelectorJavadocTest extends JavadocTestCase {
  @Test
  void baseSelector() throws Exception {
    Process child = new ProcessBuilder("echo", "hello").start();
    try (ServerSocket server = new ServerSocket(0);
        Socket socket = new Socket("localhost", server.getLocalPort())) {
      child.waitFor();
      try (BaseSelector selector = DefaultSelector.open()) {
        selector.register(socket, EVENT_READ, "socket");
        selector.register(child.getInputStream(), EVENT_READ, "child");
        for (ReadyKey ready : selector.select(Duration.ofSeconds(10))) {
          handle(ready);
        }
      }
    }
    assertEquals(
        List.of("child"), seen.stream().map(ready -> ((ReadyKey) ready).key().data()).toList());
    child.getInputStream().close();
    child.getErrorStream().close();
    child.getOutputStream().close();
  }

  @Test
  void defaultSelector() throws IOException {
    try (BaseSelector selector = DefaultSelector.open()) {
      selector.register(pipe.source(), EVENT_READ);
      selector.select(Duration.ofMillis(500), (key, events) -> pipe.source().read(buffer));
    }
    assertEquals(1, buffer.position());
  }

  @Test
  void mechanism() throws IOException {
    Mechanism mechanism = Mechanism.EPOLL.isAvailable() ? Mechanism.EPOLL : Mechanism.best();
    try (BaseSelector selector = mechanism.open()) {
      selector.register(pipe.source(), EVENT_READ);
      handle(selector.selectNow());
    }
    assertEquals(1, ((List<?>) seen.get(0)).size());
  }

  @Test
  void epollSelector() throws IOException {
    try (EpollSelector inner = EpollSelector.open();
        BaseSelector outer = DefaultSelector.open()) {
      inner.register(pipe.source(), EVENT_READ);
      outer.register(inner, EVENT_READ); // readable while inner has ready keys
      outer.select();
      inner.selectNow((key, events) -> pipe.source().read(buffer));
    }
    assertEquals(1, buffer.position());
  }

  @Test
  void pollSelector(@TempDir Path folder) throws IOException {
    Path path = Files.createFile(folder.resolve("file"));
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
        PollSelector selector = PollSelector.open()) {
      selector.register(file, EVENT_READ); // epoll would refuse a regular file
      List<ReadyKey> ready = selector.select(); // returns at once: it is always ready
      assertEquals(1, ready.size());
    }
  }

  @Test
  void selectSelector() throws IOException {
    try (SelectSelector selector = SelectSelector.open()) {
      selector.register(pipe.source(), EVENT_READ);
      selector.register(pipe.sink(), EVENT_WRITE);
      selector.selectNow((key, events) -> handle(key));
    }
    assertEquals(2, seen.size());
  }

  @Test
  void selectorKey() throws IOException {
    SocketChannel channel = SocketChannel.open();
    try (channel;
        ServerSocket server = new ServerSocket(0);
        BaseSelector selector = DefaultSelector.open()) {
      channel.connect(new InetSocketAddress("localhost", server.getLocalPort()));
      SelectorKey key = selector.register(channel, EVENT_READ, "client 7");
      SelectorKey changed = selector.modify(channel, EVENT_READ | EVENT_WRITE);
      assert key.events() == EVENT_READ; // a key never changes
      assert selector.getKey(channel) == changed;
      assert changed.data().equals("client 7");
      assertEquals(changed, selector.getKey(channel));
    }
  }

  @Test
  void readyKey() throws IOException {
    try (BaseSelector selector = DefaultSelector.open()) {
      selector.register(pipe.source(), EVENT_READ);
      selector.register(pipe.sink(), EVENT_WRITE);
      ByteBuffer output = ByteBuffer.allocate(1);
      for (ReadyKey ready : selector.selectNow()) {
        if (ready.isReadable()) {
          pipe.source().read(buffer);
        }
        if (ready.isWritable()) {
          pipe.sink().write(output);
        }
      }
      assertEquals(0, output.remaining());
    }
    assertEquals(1, buffer.position());
  }

  @Test
  void readyHandler() throws IOException {
    try (BaseSelector selector = DefaultSelector.open()) {
      ReadyHandler readAll = (key, events) -> pipe.source().read(buffer);
      selector.register(pipe.source(), EVENT_READ, readAll);
      selector.select(null, (key, events) -> ((ReadyHandler) key.data()).ready(key, events));
    }
    assertEquals(1, buffer.position());
  }

  @Test
  void hasFileno() throws IOException {
    int fd;
    try (BaseSelector selector = DefaultSelector.open()) {
      fd = selector.register(pipe.source(), EVENT_READ).fd();
    }
    try (BaseSelector selector = DefaultSelector.open()) {
      record Device(String name, int fileno) implements HasFileno {}

      selector.register(new Device("/dev/input/event0", fd), EVENT_READ);
      assertEquals(1, selector.selectNow().size());
    }
  }

  @Test
  void systemCallException(@TempDir Path folder) throws IOException {
    Path path = Files.createFile(folder.resolve("file"));
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
        EpollSelector selector = EpollSelector.open()) {
      try {
        selector.register(file, EVENT_READ);
      } catch (SystemCallException e) {
        if (!e.errnoName().equals("EPERM")) {
          throw e;
        }
        handle(file); // a regular file is always ready: there is nothing to wait for
      }
      assertEquals(List.of(file), seen);
    }
  }
}
