package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.Elapsed.assertStillWorks;
import static io.github.selectors4j.NestedSelectorTest.replaceSet;
import static io.github.selectors4j.Refused.assertRefused;
import static io.github.selectors4j.TestLibrary.check;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.selectors4j.select.Epoll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What epoll refuses, for reasons that its errors don't tell. */
@RequiresMechanism(Mechanism.EPOLL)
class EpollRefusalTest extends DescriptorTestCase {
  private static final List<String> MISLEADING = List.of("symbolic", "Invalid argument", "space");

  @TempDir Path folder;
  private EpollSelector selector;

  @BeforeEach
  void open() throws Exception {
    selector = addCleanup(EpollSelector.open());
  }

  @Test
  void saysWhatKindOfFileNeedsNoWaitingOrKnowsNone() throws Exception {
    String regular = Files.writeString(folder.resolve("file"), "content").toString();
    assertKindIsTold(regular, "a regular file", "always ready", "PollSelector");
    assertKindIsTold("/proc/self/status", "a regular file", "always ready");
    assertKindIsTold(folder.toString(), "a directory", "reading won't do either");
    for (String device : List.of("/dev/null", "/dev/zero", "/dev/kvm")) {
      if (Files.isReadable(Path.of(device))) {
        assertKindIsTold(
            device, "a device without poll", "reading won't do either", "DefaultSelector");
      }
    }
    assertStillWorks(selector);
  }

  private void assertKindIsTold(String path, String... parts) throws Exception {
    int fd = check(TestLibrary.open(path, TestLibrary.O_RDONLY | TestLibrary.O_CLOEXEC));
    addCleanup(() -> check(TestLibrary.close(fd)));
    assertSaid("EPERM", () -> selector.register(fd, EVENT_READ), fd, parts);
    Epoll epoll = addCleanup(Epoll.open());
    assertSaid("EPERM", () -> epoll.register(fd, Epoll.EPOLLIN), fd, parts);
  }

  @Test
  void aSelectorInItself() throws Exception {
    assertSaid("ELOOP", () -> selector.register(selector, EVENT_READ), "can't watch itself");
    int number = selector.fileno();
    assertSaid("ELOOP", () -> selector.register(number, EVENT_READ), "can't watch itself");
    Epoll epoll = addCleanup(Epoll.open());
    assertSaid("EINVAL", () -> epoll.register(epoll, Epoll.EPOLLIN), "can't watch itself");
    assertStillWorks(selector);
  }

  /** Whether the sets are those that they were opened with or not. */
  @Test
  void selectorsInACircle() throws Exception {
    for (int replaced = 0; replaced < 4; replaced++) {
      try (EpollSelector one = EpollSelector.open();
          EpollSelector other = EpollSelector.open()) {
        one.fileno();
        other.fileno();
        one.register(other, EVENT_READ);
        if ((replaced & 1) != 0) {
          replaceSet(one);
        }
        if ((replaced & 2) != 0) {
          replaceSet(other);
        }
        assertSaid("ELOOP", () -> other.register(one, EVENT_READ), "a circle");
        assertStillWorks(one);
        assertStillWorks(other);
      }
    }
  }

  @Test
  void primitivesInACircleOfThree() throws Exception {
    List<Epoll> sets = openSets(3);
    sets.get(0).register(sets.get(1), Epoll.EPOLLIN);
    sets.get(1).register(sets.get(2), Epoll.EPOLLIN);
    assertSaid("ELOOP", () -> sets.get(2).register(sets.get(0), Epoll.EPOLLIN), "a circle");
  }

  @Test
  void setsMoreThanFiveDeep() throws Exception {
    List<Epoll> sets = openSets(5);
    for (int i = 0; i < 4; i++) {
      sets.get(i + 1).register(sets.get(i), Epoll.EPOLLIN);
    }
    Epoll deepest = sets.get(4);
    assertSaid("ELOOP", () -> selector.register(deepest, EVENT_READ), "more than five deep");
    Epoll epoll = addCleanup(Epoll.open());
    assertSaid("ELOOP", () -> epoll.register(deepest, Epoll.EPOLLIN), "more than five deep");
  }

  /** The number of a selector is that of one more set, which has to be made first. */
  @Test
  void selectorsMoreThanThreeDeep() throws Exception {
    EpollSelector outermost = selector;
    for (int depth = 1; depth < 3; depth++) {
      EpollSelector outer = addCleanup(EpollSelector.open());
      outer.register(outermost, EVENT_READ);
      outermost = outer;
    }
    assertSaid("ELOOP", outermost::fileno, "more than five deep", "is two");
    assertStillWorks(outermost);
  }

  @Test
  void aDescriptorInTooManySetsThatOthersWatch() throws Exception {
    TestPipe pipe = addCleanup(TestPipe.open());
    List<Epoll> inner = openSets(501);
    Epoll outer = addCleanup(Epoll.open());
    for (Epoll set : inner.subList(0, 500)) {
      set.register(pipe.source, Epoll.EPOLLIN);
      outer.register(set, Epoll.EPOLLIN);
    }
    selector.fileno();
    assertSaid(
        "EINVAL", () -> selector.register(pipe.source, EVENT_READ), "too many sets", "some 500");
    assertStillWorks(selector);
    EpollSelector other = addCleanup(EpollSelector.open());
    other.register(pipe.source, EVENT_READ);
    assertSaid("EINVAL", other::fileno, "too many sets", "some 500");
  }

  private List<Epoll> openSets(int count) {
    return Stream.generate(
            () -> {
              try {
                return addCleanup(Epoll.open());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .limit(count)
        .toList();
  }

  private static void assertSaid(String errno, Executable call, Object named, String... parts) {
    SystemCallException refusal = assertRefused(SystemCallException.class, call, named);
    assertEquals(errno, refusal.errnoName(), refusal::getMessage);
    for (String part : parts) {
      assertRefused(SystemCallException.class, call, part);
    }
    for (String words : MISLEADING) {
      assertFalse(refusal.getMessage().contains(words), refusal::getMessage);
    }
  }
}
