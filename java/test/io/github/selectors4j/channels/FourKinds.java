package io.github.selectors4j.channels;

import static io.github.selectors4j.TestLibrary.IN_CREATE;
import static io.github.selectors4j.TestLibrary.check;
import static java.nio.channels.SelectionKey.OP_ACCEPT;
import static java.nio.channels.SelectionKey.OP_READ;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.selectors4j.DescriptorLeakCheck;
import io.github.selectors4j.TestLibrary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Has a loop, whose class is its argument, watch stdin, inotify, the output of a child and a
 * socket, twice, and makes one after the other ready. It says {@link #PROMPT} for a line on stdin,
 * and {@link #DONE} if just those were reported, and the descriptors are as they were.
 */
public final class FourKinds {
  static final String PROMPT = "?";
  static final String DONE = "done";

  private final LinkedBlockingQueue<String> reported = new LinkedBlockingQueue<>();
  private final List<SelectableChannel> channels = new ArrayList<>();
  private final Path folder = Files.createTempDirectory("selectors4j");
  private final int inotify = check(TestLibrary.inotify());
  private final Process cat = new ProcessBuilder("cat").start();
  private final ServerSocketChannel server = ServerSocketChannel.open();
  private AutoCloseable serverWatch = () -> {};

  private FourKinds() throws IOException {
    check(TestLibrary.inotifyAddWatch(inotify, folder.toString(), IN_CREATE));
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.configureBlocking(false);
  }

  public static void main(String[] args) throws Exception {
    Loop loop = LoopTestCase.open(Class.forName(args[0]));
    FourKinds kinds = new FourKinds();
    Map<Integer, String> open = Map.of();
    try (loop) {
      for (int round = 0; round < 2; round++) {
        List<Integer> flags = kinds.flags();
        kinds.watchAll(loop);
        expect(flags, kinds.flags());
        kinds.makeReady(round);
        expect(flags, kinds.flags());
        kinds.closeAll(loop);
        expect(flags, kinds.flags());
        // The first use of anything may open what stays open.
        Map<Integer, String> stillOpen = DescriptorLeakCheck.openDescriptors();
        expect(round == 0 ? stillOpen : open, stillOpen);
        open = stillOpen;
      }
    } finally {
      kinds.end();
    }
    System.out.println(DONE);
  }

  private List<Integer> flags() throws IOException {
    List<Integer> flags = new ArrayList<>();
    for (int fd : DescriptorLeakCheck.openDescriptors().keySet()) {
      if (fd < 3 || fd == inotify) {
        flags.add(TestLibrary.getFl(fd));
      }
    }
    return flags;
  }

  private void watchAll(Loop loop) throws Exception {
    watch(loop, SelectableChannels.of(System.in), OP_READ, () -> "stdin: " + line(System.in));
    watch(
        loop,
        SelectableChannels.of(inotify),
        OP_READ,
        () -> "inotify: " + (TestLibrary.read(inotify).length > 0));
    InputStream output = cat.getInputStream();
    watch(loop, SelectableChannels.of(output), OP_READ, () -> "child: " + line(output));
    watch(
        loop,
        server,
        OP_ACCEPT,
        () -> {
          server.accept().close();
          return "socket";
        });
  }

  private interface Report {
    String report() throws Exception;
  }

  private void watch(Loop loop, SelectableChannel channel, int ops, Report report)
      throws Exception {
    AutoCloseable watch = loop.watch(channel, ops, () -> reported.add(told(report)));
    if (channel == server) {
      serverWatch = watch;
    } else {
      channels.add(channel);
    }
  }

  private static String told(Report report) {
    try {
      return report.report();
    } catch (Exception e) {
      return e.toString();
    }
  }

  private void makeReady(int round) throws Exception {
    System.out.println(PROMPT);
    expect("stdin: a line");
    Files.createFile(folder.resolve("file" + round));
    expect("inotify: true");
    cat.getOutputStream().write("from a cat\n".getBytes(US_ASCII));
    cat.getOutputStream().flush();
    expect("child: from a cat");
    new Socket(server.socket().getInetAddress(), server.socket().getLocalPort()).close();
    expect("socket");
  }

  private void closeAll(Loop loop) throws Exception {
    serverWatch.close();
    LoopTestCase.awaitLetGo(loop, server);
    for (SelectableChannel channel : channels) {
      channel.close();
      LoopTestCase.awaitLetGo(loop, channel);
    }
    channels.clear();
  }

  private void end() throws Exception {
    server.close();
    check(TestLibrary.close(inotify));
    cat.destroyForcibly().waitFor();
    for (int round = 0; round < 2; round++) {
      Files.deleteIfExists(folder.resolve("file" + round));
    }
    Files.delete(folder);
  }

  private static String line(InputStream stream) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Children.readAvailable(stream, bytes);
    return bytes.toString(US_ASCII).strip();
  }

  private void expect(String report) throws InterruptedException {
    expect(report, reported.poll(30, TimeUnit.SECONDS));
    expect(0, reported.size());
  }

  private static void expect(Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw new AssertionError("expected " + expected + ", not " + actual);
    }
  }
}
