package io.github.selectors4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.selectors4j.internal.loading.NativeLibrary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The layer of {@code native/test/interposed} between the shims and the system, when the library is
 * a test build that has it: it knows which descriptors the library has opened, and has system calls
 * fail on demand.
 */
public final class Interposed {
  /** The tag of tests that run with such a library only. */
  public static final String ONLY = "interposed";

  /** The tag of tests that run with such a library, too. */
  public static final String TOO = "interposed-too";

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Times that a call fails: as often as it is made. */
  public static final long ALWAYS = -1;

  private Interposed() {}

  /** Whether the library has the layer. */
  public static boolean isThere() {
    NativeLibrary.load();
    try {
      return callCount() > 0;
    } catch (UnsatisfiedLinkError ordinaryBuild) {
      return false;
    }
  }

  /** The names of the system calls, by which they are failed and counted. */
  public static List<String> calls() {
    return IntStream.range(0, callCount()).mapToObj(Interposed::callName).toList();
  }

  /**
   * Has a system call fail.
   *
   * @param errno the error's name, as in {@code ENOMEM}
   * @param after how many more calls succeed before
   * @param times how many calls fail, or {@link #ALWAYS}
   */
  public static void fail(String call, String errno, long after, long times) {
    assertTrue(arm(calls().indexOf(call), errno, after, times), errno);
  }

  /** How often a system call was made since {@link #reset()}. */
  public static long count(String call) {
    return calls(calls().indexOf(call));
  }

  /** No call fails any more, and the counts begin at 0. */
  public static native void reset();

  /** How many calls were failed since {@link #reset()}. */
  public static native long failed();

  /** A number, and whose it is while the library uses it: then the ledger knows of it. */
  public static void lendIfThere(int fd, boolean isGiven) {
    if (isThere()) {
      lend(fd, isGiven);
    }
  }

  /** Says that the library is not to use a number any more that it was lent. */
  public static void takeBackIfThere(int fd) {
    if (isThere()) {
      takeBack(fd);
    }
  }

  /** The descriptors that the library has opened and not closed, at most 1024. */
  static List<Integer> owned() {
    return Arrays.stream(openDescriptors()).boxed().toList();
  }

  /** The calls on descriptors that were not the library's to use so, which are then forgotten. */
  static List<String> takeViolations() {
    List<String> violations = new ArrayList<>();
    for (String one = takeViolation(); one != null; one = takeViolation()) {
      violations.add(one);
    }
    return violations;
  }

  /** Fails unless the library holds these descriptors, and has not touched any other. */
  public static void assertOwnsJust(List<Integer> descriptors) {
    // The poller of an awaiter that is closed may release them later than that on a busy machine.
    assertOwnsJust(descriptors, PATIENCE_NANOS);
  }

  /** The same, after so long at most. */
  static void assertOwnsJust(List<Integer> descriptors, long patienceNanos) {
    long start = System.nanoTime();
    while (!owned().equals(descriptors) && System.nanoTime() - start < patienceNanos) {
      LockSupport.parkNanos(100_000);
    }
    assertEquals(List.of(), takeViolations());
    assertEquals(descriptors, owned(), "the descriptors that the library holds");
  }

  private static native int callCount();

  private static native String callName(int call);

  private static native boolean arm(int call, String errno, long after, long times);

  private static native long calls(int call);

  private static native int[] openDescriptors();

  private static native @Nullable String takeViolation();

  private static native void lend(int fd, boolean isGiven);

  private static native void takeBack(int fd);
}
