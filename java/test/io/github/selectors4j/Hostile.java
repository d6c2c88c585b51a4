package io.github.selectors4j;

import java.io.FileDescriptor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Arguments that nobody means well with, and whether what comes of them is the contract's. The seed
 * of a failure is in its message; {@code -Dselectors4j.test.seed} repeats it.
 */
public final class Hostile {
  private static final int CALLS = 5_000;

  private static final int[] INTS = {
    0,
    1,
    2,
    3,
    4,
    8,
    16,
    63,
    64,
    65,
    1023,
    1024,
    0xffff,
    0x10000,
    1 << 30,
    1 << 31,
    1 << 29,
    -1,
    -2,
    -1000,
    Integer.MAX_VALUE,
    Integer.MAX_VALUE - 1,
    Integer.MIN_VALUE + 1
  };

  private static final List<@Nullable Duration> TIMEOUTS =
      List.of(
          Duration.ZERO,
          Duration.ofNanos(1),
          Duration.ofNanos(-1),
          Duration.ofMillis(1),
          Duration.ofMillis(Integer.MAX_VALUE),
          Duration.ofMillis(Integer.MAX_VALUE).plusNanos(1),
          Duration.ofNanos(Long.MAX_VALUE),
          Duration.ofNanos(Long.MAX_VALUE).plusNanos(1),
          Duration.ofNanos(Long.MIN_VALUE),
          Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
          Duration.ofSeconds(Long.MIN_VALUE));

  private final Random random;
  private final Object[] objects;

  /** A call with hostile arguments. */
  public interface Call {
    /** Makes the call. */
    void make(Hostile hostile) throws Exception;
  }

  private Hostile(long seed, Object... objects) {
    random = new Random(seed);
    this.objects = objects;
  }

  /**
   * Makes calls in a random order.
   *
   * @param objects file objects to pass now and then
   */
  public static void assertContractual(Object[] objects, Call... calls) {
    long seed = Long.getLong("selectors4j.test.seed", new Random().nextLong());
    Hostile hostile = new Hostile(seed, objects);
    for (int i = 0; i < CALLS; i++) {
      Call call = calls[hostile.random.nextInt(calls.length)];
      try {
        call.make(hostile);
      } catch (IllegalArgumentException
          | IllegalStateException
          | NoSuchElementException
          | NullPointerException
          | UnsupportedOperationException
          | IOException contractual) {
        if (contractual.getMessage() == null) {
          throw new AssertionError(
              "call " + i + " of -Dselectors4j.test.seed=" + seed, contractual);
        }
      } catch (Throwable t) {
        throw new AssertionError("call " + i + " of -Dselectors4j.test.seed=" + seed, t);
      }
    }
  }

  /** A number of any size. */
  public int number() {
    return random.nextInt(4) == 0 ? random.nextInt() : INTS[random.nextInt(INTS.length)];
  }

  /** A number that no descriptor has. */
  public int noDescriptor() {
    return random.nextBoolean() ? Integer.MAX_VALUE - random.nextInt(1000) : number() | 1 << 31;
  }

  /** A number of nanoseconds. */
  public long nanos() {
    return random.nextBoolean() ? number() : random.nextLong();
  }

  /** A timeout, or null. */
  public @Nullable Duration timeout() {
    int index = random.nextInt(TIMEOUTS.size() + 1);
    return index == TIMEOUTS.size() ? null : TIMEOUTS.get(index);
  }

  /** A file object, or none, or null. */
  public @Nullable Object object() {
    switch (random.nextInt(8)) {
      case 0:
        return null;
      case 1:
        return number();
      case 2:
        return noDescriptor();
      case 3:
        int number = noDescriptor();
        return (HasFileno) () -> number;
      case 4:
        return new FileDescriptor();
      case 5:
        return "no file object";
      default:
        return objects[random.nextInt(objects.length)];
    }
  }
}
