package io.github.selectors4j;

import static io.github.selectors4j.BaseSelector.EVENT_READ;
import static io.github.selectors4j.BaseSelector.EVENT_WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * CPython's {@code ScalableSelectorMixIn}. {@code SelectSelector} is scalable too: "no FD_SETSIZE
 * limit where the system call has none".
 */
abstract class ScalableSelectorTestCase extends SelectorTestCase {
  private static final int MOST_DESCRIPTORS = 1 << 16;

  /** Left for the process's own descriptors and the JVM's. */
  private static final int SPARE_DESCRIPTORS = 32;

  @Test
  void test_above_fd_setsize() throws IOException {
    int numFds =
        (int) Math.min(TestLibrary.getOpenFileLimit(), MOST_DESCRIPTORS)
            - DescriptorLeakCheck.openDescriptors().size()
            - SPARE_DESCRIPTORS;
    BaseSelector s = makeSelector();
    Mechanisms.assumeNoFdSetsize(s.mechanism());
    Set<ReadyKey> expected = new HashSet<>();
    for (int i = 0; i < numFds / 2; i++) {
      TestDescriptor.Pair pair = makeSocketPair();
      s.register(pair.rd(), EVENT_READ);
      expected.add(new ReadyKey(s.register(pair.wr(), EVENT_WRITE), EVENT_WRITE));
    }

    List<ReadyKey> ready = s.select();
    assertEquals(numFds / 2, ready.size());
    assertEquals(expected, new HashSet<>(ready));
  }
}
