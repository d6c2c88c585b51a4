package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.TestLibrary.check;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Descriptors that no class of the JDK makes, and objects of the user's own that have one. */
class WatchedDescriptorsTest extends WatchedObjectTest {
  @Test
  void bareDescriptor() throws Exception {
    int[] pair = new int[2];
    check(TestLibrary.socketpair(pair));
    closing(pair[0]);
    closing(pair[1]);
    assertReads(pair[0], () -> TestLibrary.write(pair[1], HELLO));
    assertWrites(pair[0], () -> TestLibrary.read(pair[1]));
  }

  @Test
  void terminal() throws Exception {
    int[] pair = new int[2];
    check(TestLibrary.openpty(pair));
    int master = closing(pair[0]);
    int slave = closing(pair[1]);
    assertReads(slave, () -> TestLibrary.write(master, HELLO));
    assertReads(master, () -> TestLibrary.write(slave, HELLO));
    assertWrites(slave, () -> TestLibrary.read(master));
  }

  @Test
  void eventfd() throws Exception {
    byte[] one = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(1).array();
    int fd = closing(check(TestLibrary.eventfd(0)));
    assertBecomesReadable(fd, () -> TestLibrary.write(fd, one));
    assertArrayEquals(one, TestLibrary.read(fd));
  }

  @Test
  void timerfd() throws Exception {
    int fd = closing(check(TestLibrary.timerfd()));
    long started = System.nanoTime();
    assertBecomesReadable(fd, () -> check(TestLibrary.timerfdArm(fd, 20_000_000)));
    assertTrue(System.nanoTime() - started >= 20_000_000, "ready before the timer expired");
  }

  @Test
  void inotify() throws Exception {
    int fd = closing(check(TestLibrary.inotify()));
    check(TestLibrary.inotifyAddWatch(fd, directory.toString(), TestLibrary.IN_CREATE));
    assertBecomesReadable(fd, () -> Files.createFile(directory.resolve("new")));
  }

  @Test
  void signalfd() throws Exception {
    int fd = closing(check(TestLibrary.signalfd(TestLibrary.SIGUSR1)));
    check(TestLibrary.blockSignal(TestLibrary.SIGUSR1));
    try {
      long self = TestLibrary.threadSelf();
      assertBecomesReadable(fd, () -> check(TestLibrary.pthreadKill(self, TestLibrary.SIGUSR1)));
      ByteBuffer siginfo = ByteBuffer.wrap(TestLibrary.read(fd)).order(ByteOrder.nativeOrder());
      assertEquals(TestLibrary.SIGUSR1, siginfo.getInt(0)); // struct signalfd_siginfo
    } finally {
      TestLibrary.unblockSignal(TestLibrary.SIGUSR1);
    }
  }

  @Test
  void pidfd() throws Exception {
    Process process =
        new ProcessBuilder("sleep", "1000")
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    try {
      int fd = closing(check(TestLibrary.pidfdOpen(process.pid())));
      assertBecomesReadable(fd, process::destroyForcibly);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void hasFileno() throws Exception {
    try (TestPipe pipe = TestPipe.open()) {
      assertReads((HasFileno) () -> pipe.source, () -> TestLibrary.write(pipe.sink, HELLO));
    }
  }

  @Test
  void hasFilenoWinsOverWhatElseTheObjectIs() throws Exception {
    int[] pair = new int[2];
    check(TestLibrary.socketpair(pair));
    int watched = closing(pair[0]);
    closing(pair[1]);

    class FilenoStream extends FileInputStream implements HasFileno {
      FilenoStream() throws IOException {
        super("/dev/null");
      }

      @Override
      public int fileno() {
        return watched;
      }
    }

    class FilenoSocket extends Socket implements HasFileno {
      @Override
      public int fileno() {
        return watched;
      }
    }

    class FilenoChannel extends ForeignChannel implements HasFileno {
      @Override
      public int fileno() {
        return watched;
      }
    }

    for (AutoCloseable object :
        List.of(new FilenoStream(), new FilenoSocket(), new FilenoChannel())) {
      closing(object);
      assertReads(object, () -> TestLibrary.write(pair[1], HELLO));
    }
  }

  /** A selector with a descriptor of its own is one more file object. */
  @Test
  void selectorInASelector() throws Exception {
    try (EpollSelector inner = EpollSelector.open();
        TestPipe pipe = TestPipe.open()) {
      inner.register(pipe.source, EVENT_READ);
      assertBecomesReadable(inner, pipe::write);
    }
  }
}
