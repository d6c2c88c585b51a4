package io.github.selectors4j.internal.sets;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.DescriptorTestCase;
import io.github.selectors4j.Mechanism;
import io.github.selectors4j.RequiresMechanism;
import io.github.selectors4j.TestDescriptor;
import io.github.selectors4j.TestLibrary;
import io.github.selectors4j.internal.sets.OneShotSet.EarlierFiles;
import io.github.selectors4j.internal.sets.OneShotSet.Met;
import org.junit.jupiter.api.Test;

/** Which files an epoll set holds under one number, and which of them a change has met. */
@RequiresMechanism(Mechanism.EPOLL)
class EpollHistoryTest extends DescriptorTestCase {

  @Test
  void aChangeIsKnownByWhatItHasLeft() {
    assertSame(Met.AWAITED, met(new int[] {3, 5}, new int[] {3, 6}));
    assertSame(Met.ANOTHER, met(new int[] {3, 5}, new int[] {6, 5}));
    assertSame(Met.ANOTHER, met(new int[] {3, 4, 5}, new int[] {6, 5}), "one of them is closed");
    assertSame(Met.ANOTHER, met(new int[] {3}, new int[] {6}), "what is awaited is closed");
    assertSame(Met.UNKNOWN, met(new int[] {3, 5}, new int[] {6}));
  }

  private static Met met(int[] before, int[] after) {
    return EpollHistory.met(before, after, 5);
  }

  /** As where /proc is missing, or tells of no set; it may tell next time. */
  @Test
  void whatTheSystemDoesNotTellIsTakenForTheSame() {
    for (int set : new int[] {makePipe().rd().fileno(), makeBadFd()}) {
      EarlierFiles earlier = new EpollHistory(set).of(set);
      assertTrue(earlier.mayBeMet(1));
      assertSame(Met.AWAITED, earlier.met(1));
      assertFalse(earlier.areGone());
    }
  }

  /** Its inode tells without a look, which this set does not allow. */
  @Test
  void aSocketIsKnownByItself() throws Exception {
    TestDescriptor awaited = makeSocketPair().rd();
    int number = addCleanup(new TestDescriptor(TestLibrary.dup(awaited.fileno()))).fileno();
    EarlierFiles earlier = new EpollHistory(makePipe().rd().fileno()).of(number);
    assertFalse(earlier.isAdded(1, EVENT_READ));
    assertTrue(earlier.mayBeMet(1));
    assertSame(Met.AWAITED, earlier.met(1));
    assertTrue(earlier.mayBeMet(1));
    place(makeSocketPair().rd(), number);
    assertSame(Met.UNKNOWN, earlier.met(1), "it is another one after the change");
    place(awaited, number);
    assertTrue(earlier.mayBeMet(1));
    assertSame(Met.AWAITED, earlier.met(1));
    place(makeSocketPair().rd(), number);
    earlier.follow();
    assertTrue(earlier.mayBeMet(1));
    place(awaited, number);
    assertSame(Met.UNKNOWN, earlier.met(1));
  }

  private static void place(TestDescriptor file, int number) {
    TestLibrary.check(TestLibrary.dup2(file.fileno(), number));
  }

  /** A look takes long with many descriptors: one does for all numbers. */
  @Test
  void aLookForOneNumberTellsOfAll() throws Exception {
    OneShotSet set = OneShots.open(Mechanism.EPOLL);
    try {
      TestDescriptor first = makePipe().rd();
      int number = addCleanup(new TestDescriptor(TestLibrary.dup(first.fileno()))).fileno();
      int other = makePipe().rd().fileno();
      set.arm(number, 1, 0, EVENT_READ);
      set.arm(other, 1, 0, EVENT_READ);
      TestLibrary.check(TestLibrary.dup2(makePipe().rd().fileno(), number));
      assertFalse(set.arm(number, 2, EVENT_READ, EVENT_READ));
      EarlierFiles earlier = set.earlierFiles(number);
      EarlierFiles ofOther = set.earlierFiles(other);
      assertFalse(earlier.areGone(), "nobody has looked");
      assertFalse(ofOther.mayBeMet(1));
      assertFalse(earlier.areGone());
      assertTrue(earlier.mayBeMet(2));
      first.close();
      assertFalse(earlier.areGone(), "nobody has looked since");
      assertFalse(ofOther.mayBeMet(1));
      assertTrue(earlier.areGone());
      assertFalse(set.earlierFiles(number).areGone(), "another one may be there since that look");
      assertEquals(Met.AWAITED, metByChange(set, number));
    } finally {
      set.close();
    }
  }

  private static Met metByChange(OneShotSet set, int number) throws Exception {
    EarlierFiles earlier = set.earlierFiles(number);
    assertFalse(earlier.mayBeMet(2));
    assertTrue(set.arm(number, 3, EVENT_READ, EVENT_READ));
    return earlier.met(2);
  }
}
