package io.github.selectors4j.frameworks;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.TestLibrary.IN_CREATE;
import static io.github.selectors4j.TestLibrary.check;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.selectors4j.DescriptorTestCase;
import io.github.selectors4j.EpollSelector;
import io.github.selectors4j.ReadyHandler;
import io.github.selectors4j.TestDescriptor;
import io.github.selectors4j.TestLibrary;
import io.github.selectors4j.channels.Children;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An EpollSelector that another loop watches by its descriptor, and all that it has. */
@Timeout(120)
abstract class OuterLoopTestCase extends DescriptorTestCase {
  private static final int LONG_SECONDS = 30;

  @TempDir Path folder;

  private final OuterLoop loop;
  private final LinkedBlockingQueue<Object> seen = new LinkedBlockingQueue<>();
  private EpollSelector selector;
  private volatile boolean isToEnd;
  private FutureTask<Void> run;

  OuterLoopTestCase(OuterLoop loop) {
    this.loop = loop;
  }

  @BeforeEach
  void start() throws IOException {
    selector = addCleanup(EpollSelector.open());
    int fd = selector.fileno();
    run =
        new FutureTask<>(
            () -> {
              loop.run(fd, this::look);
              return null;
            });
    new Thread(run).start();
  }

  /** A wake-up shows outside, too. */
  @AfterEach
  void end() throws Exception {
    isToEnd = true;
    selector.wakeup();
    run.get(LONG_SECONDS, TimeUnit.SECONDS);
  }

  private boolean look() {
    try {
      selector.selectNow((key, events) -> ((ReadyHandler) key.data()).ready(key, events));
    } catch (IOException e) {
      seen.add(e);
    }
    return !isToEnd;
  }

  private void watch(Object fileobj, ReadyHandler handler) throws IOException {
    selector.register(fileobj, EVENT_READ, handler);
  }

  private Object seen() throws InterruptedException {
    return seen.poll(LONG_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void descriptorsOfFourKinds() throws Exception {
    int inotify = check(TestLibrary.inotify());
    addCleanup(() -> check(TestLibrary.close(inotify)));
    check(TestLibrary.inotifyAddWatch(inotify, folder.toString(), IN_CREATE));
    watch(inotify, (key, events) -> seen.add(TestLibrary.read(inotify).length > 0));
    TestDescriptor.Pair pipe = makePipe();
    watch(pipe.rd(), (key, events) -> seen.add(pipe.rd().read()));
    ServerSocket server = addCleanup(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    watch(
        server,
        (key, events) -> {
          server.accept().close();
          seen.add("accepted");
        });
    Process cat = new ProcessBuilder("cat").start();
    watch(cat.getInputStream(), (key, events) -> seen.add(cat.getInputStream().read()));

    for (int round = 0; round < 2; round++) {
      Files.createFile(folder.resolve("file" + round));
      assertEquals(true, seen());
      pipe.wr().write("piped");
      assertEquals("piped", seen());
      new Socket(server.getInetAddress(), server.getLocalPort()).close();
      assertEquals("accepted", seen());
      cat.getOutputStream().write('c');
      cat.getOutputStream().flush();
      assertEquals((int) 'c', seen());
      assertNull(seen.peek());
    }
    selector.unregister(cat.getInputStream());
    cat.destroyForcibly().waitFor();
    cat.getInputStream().close();
    cat.getErrorStream().close();
    cat.getOutputStream().close();
  }

  /** A file that a duplicate keeps in the set can be got rid of by another set only. */
  @Test
  void goesOnWhenTheSelectorReplacesItsSet() throws Exception {
    for (int round = 0; round < 3; round++) {
      TestDescriptor.Pair stale = makePipe();
      int duplicate = check(TestLibrary.dup(stale.rd().fileno()));
      watch(duplicate, (key, events) -> seen.add("stale"));
      check(TestLibrary.close(duplicate));
      selector.unregister(duplicate);
      stale.wr().write("for nobody");

      TestDescriptor.Pair pair = makePipe();
      watch(pair.rd(), (key, events) -> seen.add(pair.rd().read()));
      pair.wr().write("round " + round);
      assertEquals("round " + round, seen());
      selector.unregister(pair.rd());
      pair.wr().write("unseen");
      assertNull(seen.peek());
    }
  }

  @Test
  void twoHundredChildrenWithoutALostByte() throws Exception {
    Children.readAll(
        (fileobj, step) ->
            watch(
                fileobj,
                (key, events) -> {
                  if (step.isLast()) {
                    selector.unregister(fileobj);
                  }
                }));
  }
}
