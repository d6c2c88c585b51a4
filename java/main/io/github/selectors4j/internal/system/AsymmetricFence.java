package io.github.selectors4j.internal.system;

import io.github.selectors4j.internal.loading.NativeLibrary;
import java.lang.invoke.VarHandle;

/**
 * Two halves of a fence, for a pair of threads each of which writes something, passes its half, and
 * reads what the other one writes: at least one of them sees the other's write. The light half is
 * for the thread that does so all the time.
 *
 * <p>By membarrier(2) the heavy half has every processor that runs a thread of this process pass a
 * full fence; then all that the light one has left to do is to keep the compilers from moving
 * memory accesses across it, which they do across no fence of whatever kind. Where the system lacks
 * membarrier, both halves are full fences.
 */
public final class AsymmetricFence {

  private static final int PRIVATE_EXPEDITED = 1 << 3;
  private static final int REGISTER_PRIVATE_EXPEDITED = 1 << 4;

  private static final boolean ASYMMETRIC =
      NativeLibrary.bind(AsymmetricFence.class) && membarrier(REGISTER_PRIVATE_EXPEDITED) == 0;

  private AsymmetricFence() {}

  /** The half that costs next to nothing. */
  public static void light() {
    if (ASYMMETRIC) {
      VarHandle.acquireFence();
    } else {
      VarHandle.fullFence();
    }
  }

  /** The half that may cost a system call. */
  public static void heavy() {
    VarHandle.fullFence();
    if (ASYMMETRIC && membarrier(PRIVATE_EXPEDITED) != 0) {
      // A process that was restored from a checkpoint may have lost its registration.
      membarrier(REGISTER_PRIVATE_EXPEDITED);
      int result = membarrier(PRIVATE_EXPEDITED);
      if (result != 0) {
        throw new IllegalStateException("membarrier(): " + Errno.describe(-result));
      }
    }
  }

  /** As membarrier(2): 0, or {@code -errno}. */
  private static native int membarrier(int command);
}
