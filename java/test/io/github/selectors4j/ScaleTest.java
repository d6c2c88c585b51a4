package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Timeout;

/** Many descriptors, and descriptors with high numbers, on every mechanism. */
@Timeout(60)
class ScaleTest extends DescriptorTestCase {
  private static final int READ_WRITE = EVENT_READ | EVENT_WRITE;

  /** More than the event buffer of any mechanism holds when it is opened. */
  private static final int MANY = 1000;

  @EveryMechanism
  void reportsEveryReadyKeyOnceWhenTheEventBufferOverflows(Mechanism mechanism) throws IOException {
    Mechanisms.assumeNoFdSetsize(mechanism);
    BaseSelector selector = addCleanup(mechanism.open());
    Set<ReadyKey> expected = new HashSet<>();
    for (int i = 0; i < MANY; i++) {
      TestDescriptor.Pair pair = makeSocketPair();
      pair.wr().write("x");
      expected.add(new ReadyKey(selector.register(pair.rd(), READ_WRITE), READ_WRITE));
    }
    for (int call = 1; call <= 2; call++) {
      assertEachOnce(expected, selector.select());

      List<ReadyKey> handled = new ArrayList<>();
      int count = selector.select(null, (key, events) -> handled.add(new ReadyKey(key, events)));
      assertEquals(MANY, count);
      assertEachOnce(expected, handled);
    }
  }

  @EveryMechanism
  void growsFromOneReadyKeyToMany(Mechanism mechanism) throws IOException {
    Mechanisms.assumeNoFdSetsize(mechanism);
    // Powers of two and their neighbours: where a full buffer is mistaken for a partial one.
    BaseSelector selector = addCleanup(mechanism.open());
    Set<ReadyKey> expected = new HashSet<>();
    for (int i = 1; i <= MANY; i++) {
      TestDescriptor wr = makeSocketPair().wr(); // so many pipes would leave others little room
      expected.add(new ReadyKey(selector.register(wr, EVENT_WRITE), EVENT_WRITE));
      if (Integer.bitCount(i - 1) <= 1
          || Integer.bitCount(i) == 1
          || Integer.bitCount(i + 1) == 1) {
        assertEachOnce(expected, selector.select());
      }
    }
  }

  @EveryMechanism
  void watchesHighNumbersBesideLowOnes(Mechanism mechanism) throws IOException {
    Mechanisms.assumeNoFdSetsize(mechanism);
    // Around the sizes of fd_set (1024) and of growing tables, in no order.
    BaseSelector selector = addCleanup(mechanism.open());
    List<TestDescriptor.Pair> pairs = new ArrayList<>();
    for (int number : new int[] {4097, 1023, 8000, 1024, 4096, 1025, 4095}) {
      TestDescriptor.Pair pair = makeSocketPair();
      pair.rd().moveTo(number);
      pairs.add(pair);
    }
    pairs.add(makeSocketPair());
    for (TestDescriptor.Pair pair : pairs) {
      selector.register(pair.rd(), EVENT_READ, pair);
    }
    assertEquals(List.of(), selector.selectNow());
    assertEquals(
        selector.getMap().keySet().stream().sorted().toList(),
        List.copyOf(selector.getMap().keySet()));

    // Each alone, among all the others that are silent.
    for (TestDescriptor.Pair pair : pairs) {
      pair.wr().write("x");
      assertEquals(
          List.of(new ReadyKey(selector.getKey(pair.rd()), EVENT_READ)), selector.select());
      assertEquals("x", pair.rd().read());
    }

    // Then a write interest on one with a number at the edge, and its end.
    TestDescriptor edge = pairs.get(3).rd();
    SelectorKey key = selector.modify(edge, READ_WRITE);
    assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), selector.select());
    selector.unregister(edge);
    assertEquals(List.of(), selector.selectNow());
  }

  private static void assertEachOnce(Set<ReadyKey> expected, List<ReadyKey> ready) {
    assertEquals(expected.size(), ready.size());
    assertTrue(expected.equals(new HashSet<>(ready)), "a key is missing, or has other events");
  }
}
