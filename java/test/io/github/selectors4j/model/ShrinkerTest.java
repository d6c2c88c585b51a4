package io.github.selectors4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("mechanism-independent")
class ShrinkerTest {
  private static final Duration ENOUGH = Duration.ofMinutes(1);

  private final Shrinker shrinker = new Shrinker(ENOUGH);

  private static List<Integer> upTo(int end) {
    return IntStream.range(0, end).boxed().toList();
  }

  @Test
  void leavesOutAllThatTheFailureDoesNotNeed() {
    for (int length : new int[] {3, 4, 7, 250, 1000}) {
      for (int other = 1; other < length; other += 1 + length / 7) {
        List<Integer> needed = List.of(0, other);
        assertEquals(needed, shrinker.shrink(upTo(length), some -> some.containsAll(needed)));
      }
    }
  }

  /** Elements of which each alone could be left out, but not all. */
  @Test
  void endsWhereNoElementCanBeLeftOut() {
    List<Integer> smallest = shrinker.shrink(upTo(200), some -> some.size() >= 13);
    assertEquals(13, smallest.size());
  }

  @Test
  void leavesNothingOfWhatAlwaysFails() {
    assertEquals(List.of(), shrinker.shrink(upTo(100), some -> true));
    assertEquals(List.of(), shrinker.shrink(List.of(), some -> true));
  }

  @Test
  void keepsWhatIsNeededAsAWhole() {
    assertEquals(upTo(50), shrinker.shrink(upTo(50), some -> some.size() == 50));
  }

  @Test
  void asksOnlyAFewTimesPerElement() {
    AtomicInteger asked = new AtomicInteger();
    shrinker.shrink(
        upTo(1000),
        some -> {
          asked.incrementAndGet();
          return some.contains(0) && some.contains(500) && some.contains(999);
        });
    assertTrue(asked.get() < 200, () -> "asked " + asked + " times");
  }

  @Test
  void stopsWhenTimeIsUp() {
    Shrinker outOfTime = new Shrinker(Duration.ZERO);
    assertEquals(upTo(100), outOfTime.shrink(upTo(100), some -> true));
  }
}
