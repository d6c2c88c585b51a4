package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;

/** A C library closes its descriptor and opens another one under the same number. */
class ReopenedNumberTest extends DescriptorTestCase {

  private static final int NUMBER = TestPipe.UNUSED;

  /** With the events and data that the key has already, and with others. */
  @EveryMechanism
  void modifyWatchesTheNewFile(Mechanism mechanism) throws Exception {
    for (int before : new int[] {EVENT_READ, EVENT_WRITE, EVENT_READ | EVENT_WRITE}) {
      for (Object data : new Object[] {"data", "other"}) {
        BaseSelector selector = addCleanup(mechanism.open());
        try (TestPipe old = TestPipe.openAt(NUMBER)) {
          selector.register(NUMBER, before, "data");
          old.closeSource();
          try (TestPipe renewed = TestPipe.openAt(NUMBER)) {
            SelectorKey key = selector.modify(NUMBER, EVENT_READ, data);
            assertSame(key, selector.getKey(NUMBER));
            assertEquals(List.of(), selector.selectNow());
            renewed.write();
            assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
          }
        }
        selector.unregister(NUMBER);
      }
    }
  }

  /** What a duplicate keeps open goes on being ready, but nobody hears of it. */
  @EveryMechanism
  void nobodyHearsOfTheOldFile(Mechanism mechanism) throws Exception {
    BaseSelector selector = addCleanup(mechanism.open());
    try (TestPipe old = TestPipe.openAt(NUMBER)) {
      SelectorKey key = selector.register(NUMBER, EVENT_READ);
      int duplicate = TestLibrary.check(TestLibrary.dup(NUMBER));
      old.closeSource();
      try (TestPipe renewed = TestPipe.openAt(NUMBER)) {
        assertSame(key, selector.modify(NUMBER, EVENT_READ));
        old.write();
        assertEquals(List.of(), selector.selectNow());
        assertEquals(List.of(), selector.selectNow());
        Elapsed.assertWaitsOut(selector);
        renewed.write();
        assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
      } finally {
        TestLibrary.check(TestLibrary.close(duplicate));
      }
    }
  }

  /** The number comes to name its first file again. */
  @EveryMechanism
  void theFirstFileMayComeBack(Mechanism mechanism) throws Exception {
    BaseSelector selector = addCleanup(mechanism.open());
    try (TestPipe first = TestPipe.openAt(NUMBER)) {
      SelectorKey key = selector.register(NUMBER, EVENT_READ);
      int duplicate = TestLibrary.check(TestLibrary.dup(NUMBER));
      first.closeSource();
      try (TestPipe second = TestPipe.openAt(NUMBER)) {
        int secondDuplicate = TestLibrary.check(TestLibrary.dup(NUMBER));
        selector.modify(NUMBER, EVENT_READ);
        second.closeSource();
        TestLibrary.check(TestLibrary.dup2(duplicate, NUMBER));
        selector.modify(NUMBER, EVENT_READ);
        second.write();
        assertEquals(List.of(), selector.selectNow());
        first.write();
        assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.selectNow());
        TestLibrary.check(TestLibrary.close(secondDuplicate));
      }
      TestLibrary.check(TestLibrary.close(duplicate));
      TestLibrary.check(TestLibrary.close(NUMBER));
    }
  }

  /** An event that was reported of the old file, before a handler learned of the new one. */
  @EveryMechanism
  void anEventOfTheOldFileInThisPassIsNotHandedOut(Mechanism mechanism) throws Exception {
    if (mechanism != Mechanism.EPOLL && mechanism != Mechanism.KQUEUE) {
      return; // Elsewhere a number is a number.
    }
    BaseSelector selector = addCleanup(mechanism.open());
    try (TestPipe one = TestPipe.openAt(NUMBER);
        TestPipe two = TestPipe.openAt(NUMBER + 1)) {
      one.write();
      two.write();
      selector.register(one.source, EVENT_READ);
      selector.register(two.source, EVENT_READ);
      TestPipe[] renewed = new TestPipe[1];
      int handedOut =
          selector.selectNow(
              (key, events) -> {
                TestPipe other = key.fd() == one.source ? two : one;
                other.closeSource();
                renewed[0] = addCleanup(TestPipe.openAt(other.source));
                selector.modify(other.source, EVENT_READ);
              });
      assertEquals(1, handedOut);
      renewed[0].write();
      assertEquals(2, selector.selectNow().size());
    }
  }
}
