package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_HANGUP;
import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static io.github.selectors4j.Elapsed.assertWaitsOut;
import static io.github.selectors4j.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.selectors4j.internal.fileobject.FileObjects;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A set that asks for keys by poll loses none, nor asks for too few, where the system refuses a
 * change of what it asks by epoll. Each key is asked for by poll from its first report on.
 */
@Tag(Interposed.ONLY)
@RequiresMechanism(Mechanism.EPOLL)
@Timeout(60)
class AdaptiveEpollFaultTest extends ChildTestCase {

  private static final int NUMBER = TestPipe.UNUSED;

  private TestPipe pipe;
  private TestPipe other;

  @BeforeEach
  void open() throws Exception {
    Interposed.reset();
    pipe = addCleanup(TestPipe.openAt(NUMBER));
    pipe.write();
    other = addCleanup(TestPipe.open());
  }

  @AfterEach
  void nothingFails() {
    Interposed.reset();
  }

  /** The number comes to name a file, which the fallback refuses for once. */
  @Test
  void noKeyStarvesAfterOneThatNeitherSetTook(@TempDir Path folder) throws Exception {
    BaseSelector selector = openDefault();
    SelectorKey polled = polled(selector);
    int moved = addCleanup(TestPipe.open()).source;
    selector.register(moved, EVENT_READ);
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve("file").toFile(), "rw")) {
      TestLibrary.check(TestLibrary.dup2(FileObjects.descriptor(file), moved));
      Interposed.reset();
      Interposed.fail("fcntl(F_GETFL)", "EBADF", 0, 1);
      assertRefused(SystemCallException.class, () -> selector.modify(moved, EVENT_READ), "EBADF");
      assertEquals(1, Interposed.failed());
      assertEquals(1, Interposed.count("epoll_ctl(DEL)"));
    }
    assertFalse(selector.isRegistered(moved));
    assertNoneStarves(selector, polled);
  }

  /** What is to stand for the input of a child that has ended is refused for once. */
  @Test
  void noKeyStarvesAfterAnInputThatCouldNotBeReplaced() throws Exception {
    BaseSelector selector = open(EpollSelector::open);
    SelectorKey polled = polled(selector);
    Process child = child("cat");
    OutputStream input = child.getOutputStream();
    selector.register(input, EVENT_WRITE);
    child.destroyForcibly().waitFor();
    awaitClosed(input);
    Interposed.fail("epoll_ctl(ADD)", "ENOMEM", 0, 1);
    assertRefused(
        SystemCallException.class,
        () -> selector.modify(input, EVENT_WRITE | EVENT_HANGUP),
        "ENOMEM");
    assertEquals(1, Interposed.failed());
    assertFalse(selector.isRegistered(input));
    assertNoneStarves(selector, polled);
  }

  /** One that was not asked for yet is reported beside the only other one, which is polled. */
  private void assertNoneStarves(BaseSelector selector, SelectorKey polled) throws Exception {
    other.write();
    SelectorKey added = selector.register(other.source, EVENT_READ);
    assertEquals(
        Set.of(new ReadyKey(polled, EVENT_READ), new ReadyKey(added, EVENT_READ)),
        Set.copyOf(selector.selectNow()));
  }

  /** Its number names another file, for which there is no room. */
  @ParameterizedTest
  @ValueSource(strings = {"ENOMEM", "ENOSPC"})
  void aKeyThatCannotGoBackStaysPolled(String errno) throws Exception {
    BaseSelector selector = open(EpollSelector::open);
    List<ReadyKey> ready = List.of(new ReadyKey(polled(selector), EVENT_READ));
    TestLibrary.check(TestLibrary.dup2(other.source, NUMBER));
    Interposed.fail("epoll_ctl(ADD)", errno, 0, Interposed.ALWAYS);
    assertEquals(List.of(), selector.selectNow());
    try (SelectThread<List<ReadyKey>> blocked =
        SelectThread.startBlocked(() -> selector.select(LONG))) {
      other.write();
      assertEquals(ready, blocked.result());
    }
    assertEquals(ready, selector.selectNow());
    assertTrue(Interposed.failed() > 1);
    other.read();
    Interposed.reset();
    assertWaitsOut(selector);
    other.write();
    assertEquals(ready, selector.select(LONG));
  }

  /** Who watches the selector would not hear of it. */
  @ParameterizedTest
  @CsvSource({"epoll_ctl(MOD), ENOMEM", "epoll_ctl(ADD), ENOMEM", "epoll_ctl(ADD), ENOSPC"})
  void noSelectorIsWatchedThatAKeyCannotGoBackTo(String call, String errno) throws Exception {
    EpollSelector selector = (EpollSelector) open(EpollSelector::open);
    List<ReadyKey> ready = List.of(new ReadyKey(polled(selector), EVENT_READ));
    if (call.equals("epoll_ctl(ADD)")) {
      other.write();
      TestLibrary.check(TestLibrary.dup2(other.source, NUMBER));
    }
    Interposed.fail(call, errno, 0, Interposed.ALWAYS);
    assertRefused(
        SystemCallException.class, selector::fileno, "fd " + NUMBER, errno, "call fileno() again");
    for (int i = 0; i < 3; i++) {
      assertEquals(ready, selector.selectNow());
    }
    Interposed.reset();
    int fileno = selector.fileno();
    assertTrue(isReadable(fileno));
    assertEquals(ready, selector.selectNow());
    pipe.read();
    assertFalse(isReadable(fileno));
    assertEquals(List.of(), selector.selectNow());
  }

  /** A refusal is the last word for the keys that are polled: they go back with the next select. */
  @Test
  void noKeyIsPolledAfterTheSelectorCouldNotBeWatched() throws Exception {
    EpollSelector selector = (EpollSelector) open(EpollSelector::open);
    List<ReadyKey> ready = List.of(new ReadyKey(polled(selector), EVENT_READ));
    Interposed.fail("epoll_ctl(MOD)", "ENOMEM", 0, 1);
    assertRefused(SystemCallException.class, selector::fileno, "ENOMEM");
    assertEquals(ready, selector.selectNow());
    assertEquals(ready, selector.selectNow());
    // epoll forgets what is closed, and poll reports it.
    pipe.closeSource();
    assertEquals(List.of(), selector.selectNow());
  }

  /** The wait in progress can't be told of it. */
  @Test
  void aFileThatTheWaitIsNotToldOfIsNotRegistered(@TempDir Path folder) throws Exception {
    BaseSelector selector = openDefault();
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve("file").toFile(), "rw");
        SelectThread<List<ReadyKey>> blocked =
            SelectThread.startBlocked(() -> selector.select(LONG))) {
      Interposed.fail("write", "EIO", 0, 1);
      assertThrows(UncheckedIOException.class, () -> selector.register(file, EVENT_READ));
      assertFalse(selector.isRegistered(file));
      selector.wakeup();
      assertEquals(List.of(), blocked.result());
      assertFalse(isReadable(((EpollSelector) selector).fileno()));
      assertWaitsOut(selector);
      SelectorKey key = selector.register(file, EVENT_READ);
      assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select(LONG));
    }
  }

  /** One that has a fallback, in the runs where it is over epoll. */
  private BaseSelector openDefault() throws IOException {
    assumeTrue(Mechanism.best() == Mechanism.EPOLL, "the default is over another mechanism");
    return open(DefaultSelector::open);
  }

  private BaseSelector open(AdaptiveEpollTest.Opening opening) throws IOException {
    return addCleanup(AdaptiveEpollTest.openWith("eager", opening));
  }

  /** A key that is polled from now on. */
  private static SelectorKey polled(BaseSelector selector) throws IOException {
    SelectorKey key = selector.register(NUMBER, EVENT_READ);
    assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
    return key;
  }

  private static boolean isReadable(int fd) {
    return TestLibrary.poll(fd, TestLibrary.POLLIN, 0) != 0;
  }
}
