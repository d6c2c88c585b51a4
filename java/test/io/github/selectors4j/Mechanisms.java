package io.github.selectors4j;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.selectors4j.internal.system.KqueueShim;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The mechanisms that the tests run on. */
public final class Mechanisms {
  /**
   * The system property that lists, separated by commas, the mechanisms that have to work here. The
   * build sets it, so that a mechanism that has stopped working is a failure, not a shorter run.
   */
  public static final String REQUIRED = "selectors4j.test.required";

  /** Whether system calls are those of qemu-user. */
  public static final boolean IN_QEMU = Boolean.getBoolean("selectors4j.test.qemu");

  private Mechanisms() {}

  /** Every mechanism that works here, best first. */
  public static List<Mechanism> available() {
    List<Mechanism> available =
        Arrays.stream(Mechanism.values()).filter(Mechanism::isAvailable).toList();
    for (String name : System.getProperty(REQUIRED, "").split(",")) {
      if (!name.isBlank() && !available.contains(named(name))) {
        throw new AssertionError(REQUIRED + " lists " + name + ", available are " + available);
      }
    }
    return available;
  }

  /**
   * Those to test: the one that {@code selectors4j.mechanism} forces, else every one that works.
   */
  static List<Mechanism> underTest() {
    List<Mechanism> available = available();
    String forced = System.getProperty("selectors4j.mechanism");
    return forced == null ? available : List.of(named(forced));
  }

  /**
   * Leaves a test of descriptors beyond {@code FD_SETSIZE} out where select would end the process:
   * qemu-user, in which scripts/test-platforms runs the JVMs of other processors, has an {@code
   * fd_set} of its own, and none larger.
   */
  public static void assumeNoFdSetsize(Mechanism mechanism) {
    assumeFalse(mechanism == Mechanism.SELECT && IN_QEMU, "select in qemu-user ends at FD_SETSIZE");
  }

  /**
   * Whether a terminal whose other side is gone is no event: to the filters of NetBSD, which alone
   * has their numbers in 32 bits.
   */
  static boolean missesTheHangupOfATerminal(Mechanism mechanism) {
    return mechanism == Mechanism.KQUEUE && KqueueShim.isFilter(0xffff);
  }

  private static Mechanism named(String name) {
    return Mechanism.valueOf(name.strip().toUpperCase(Locale.ROOT));
  }
}
