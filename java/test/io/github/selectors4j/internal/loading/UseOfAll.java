package io.github.selectors4j.internal.loading;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.DefaultSelector;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.channels.DescriptorChannel;
import io.github.selectors4j.channels.SelectableChannels;
import io.github.selectors4j.select.Epoll;
import io.github.selectors4j.select.Poll;
import io.github.selectors4j.select.Select;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A program that uses and closes what leaves something behind, if anything does. */
public final class UseOfAll {
  private UseOfAll() {}

  public static void main(String[] args) throws Exception {
    Pipe pipe = Pipe.open();
    Process process = new ProcessBuilder("true").start();
    try (var source = pipe.source();
        var sink = pipe.sink()) {
      sink.write(ByteBuffer.allocate(1));
      for (Mechanism mechanism : Mechanism.values()) {
        if (mechanism.isAvailable()) {
          use(mechanism.open(), pipe, process);
        }
      }
      Poll.open().close();
      Epoll.open().close();
      Select.select(List.of(source), List.of(), List.of(), null);
      SelectableChannels.of(source).close();
      try (var channel = DescriptorChannel.of(source)) {
        channel.read(ByteBuffer.allocate(1));
      }
      useNoFileObject(DefaultSelector.open());
      useWhatHasDescriptorsOfItsOwn(DefaultSelector.open(), process);
    } finally {
      process.waitFor();
      process.getInputStream().close();
      process.getErrorStream().close();
      process.getOutputStream().close();
    }
  }

  private static void use(BaseSelector selector, Pipe pipe, Process process) throws Exception {
    selector.register(pipe.source(), BaseSelector.EVENT_READ);
    selector.register(process.getInputStream(), BaseSelector.EVENT_READ);
    selector.select(null, (key, events) -> {});
    selector.unregister(pipe.source());
    selector.unregister(process.getInputStream());

    // An interrupt, which the JDK tells the selecting thread's selector of.
    Thread.currentThread().interrupt();
    selector.select();
    Thread.interrupted();
    Thread thread = new Thread(() -> waitAndClose(selector));
    thread.start();
    thread.interrupt();
    thread.join();
    selector.close();
  }

  /** A child's input, its end, and a file that the best mechanism leaves to another one. */
  private static void useWhatHasDescriptorsOfItsOwn(BaseSelector selector, Process process)
      throws Exception {
    Path file = Files.createTempFile("selectors4j", null);
    try (selector;
        FileChannel channel = FileChannel.open(file)) {
      selector.register(process.getOutputStream(), BaseSelector.EVENT_WRITE);
      selector.register(channel, BaseSelector.EVENT_READ);
      try {
        selector.register(process, BaseSelector.EVENT_READ);
      } catch (UnsupportedOperationException noPidfd) {
        // An older kernel.
      }
      selector.select();
    } finally {
      Files.delete(file);
    }
  }

  /** For which it looks in every place for a descriptor. */
  private static void useNoFileObject(BaseSelector selector) throws Exception {
    try (selector;
        Socket unconnected = new Socket()) {
      selector.register(unconnected, BaseSelector.EVENT_READ);
      throw new IllegalStateException("registered a socket without a descriptor");
    } catch (IllegalArgumentException refused) {
      // As it should be.
    }
  }

  private static void waitAndClose(BaseSelector selector) {
    try {
      selector.select(Duration.ofSeconds(30));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      selector.close();
    }
  }
}
