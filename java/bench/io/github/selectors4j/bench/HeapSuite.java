package io.github.selectors4j.bench;

import io.github.selectors4j.BaseSelector;
import io.github.selectors4j.EpollSelector;
import io.github.selectors4j.SelectorKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The heap that a registration takes, beyond its key and its file object: what is in use before and
 * after, with a collector that is exact.
 */
final class HeapSuite {

  private static final int ROUNDS = 5;

  /** All that was made: nothing may become free between two looks at the heap. */
  private static final List<Object> MADE = new ArrayList<>(100);

  private HeapSuite() {}

  @FunctionalInterface
  private interface Making {
    Object make(Object[] fileobjs) throws IOException;
  }

  static void run() throws IOException {
    for (int registered : new int[] {1000, 9000}) {
      try (Pipes pipes = new Pipes(registered, 0)) {
        print(registered + " descriptors", pipes.boxedReadEnds());
        print(registered + " channels", pipes.sources().toArray());
      }
    }
  }

  private static void print(String name, Object[] fileobjs) throws IOException {
    double[] bytes = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      // The array is taken off, the keys in it are not.
      long keys = taken(HeapSuite::keys, fileobjs) - taken(o -> new Object[o.length], fileobjs);
      long all = taken(HeapSuite::registered, fileobjs);
      bytes[round] = (double) (all - keys) / fileobjs.length;
    }
    System.out.printf(
        "{\"suite\": \"heap\", \"case\": \"%s\", \"contender\": \"register\", \"values\": %s}%n",
        name, Arrays.toString(bytes));
  }

  private static long taken(Making making, Object[] fileobjs) throws IOException {
    long before = used();
    MADE.add(making.make(fileobjs));
    return used() - before;
  }

  private static Object keys(Object[] fileobjs) {
    SelectorKey[] keys = new SelectorKey[fileobjs.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = new SelectorKey(fileobjs[i], i, BaseSelector.EVENT_READ, null);
    }
    return keys;
  }

  private static Object registered(Object[] fileobjs) throws IOException {
    BaseSelector selector = EpollSelector.open();
    for (Object fileobj : fileobjs) {
      selector.register(fileobj, BaseSelector.EVENT_READ);
    }
    return selector;
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      runtime.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
