package io.github.selectors4j;

import io.github.selectors4j.internal.loading.NativeLibrary;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The operating systems' ways to wait for readiness, best first, as in Python.
 *
 * <pre>{@code
 * Mechanism mechanism = Mechanism.EPOLL.isAvailable() ? Mechanism.EPOLL : Mechanism.best();
 * try (BaseSelector selector = mechanism.open()) {
 *   selector.register(pipe.source(), EVENT_READ);
 *   handle(selector.selectNow());
 * }
 * }</pre>
 *
 * <p>Any thread may call any method.
 */
public enum Mechanism {
  /** kqueue(2): macOS and the BSDs. */
  KQUEUE("KqueueShim"),
  /** epoll(7): Linux. */
  EPOLL("EpollShim"),
  /** /dev/poll, poll(7d): Solaris and illumos. */
  DEVPOLL("DevpollShim"),
  /** poll(2); WSAPoll on Windows. */
  POLL("PollShim"),
  /** select(2): everywhere. */
  SELECT("SelectShim");

  private static final String PROPERTY = "selectors4j.mechanism";

  /** The class of its natives. */
  private final String shim;

  Mechanism(String shim) {
    this.shim = shim;
  }

  /**
   * Whether this system has the mechanism. Each call finds out anew, by opening a selector and
   * closing it.
   *
   * @return false only when the platform lacks it; being short of descriptors does not count
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public boolean isAvailable() {
    return isBuiltIn() && absence() == null;
  }

  /**
   * Opens a selector that uses this mechanism.
   *
   * @return a new selector, with nothing registered
   * @throws UnsupportedOperationException when the platform lacks the mechanism
   * @throws IOException when the system refuses, for want of descriptors for example
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public BaseSelector open() throws IOException {
    return open(false);
  }

  /**
   * Opens the selector of this mechanism alone, or the one of {@link DefaultSelector}.
   *
   * <p>A first use waits for each class that this has the JVM load. A switch over an enum is a
   * class of its own, and methods that returned more than a {@code BaseSelector} would have it look
   * whether what they return is one.
   */
  private BaseSelector open(boolean isDefault) throws IOException {
    if (this == EPOLL) {
      return EpollSelector.open(isDefault);
    }
    if (this == KQUEUE) {
      return KqueueSelector.open(isDefault);
    }
    if (this == DEVPOLL) {
      return DevpollSelector.open(isDefault);
    }
    return this == POLL ? PollSelector.open(isDefault) : SelectSelector.open(isDefault);
  }

  /**
   * The best mechanism that works here, or the one that the system property {@code
   * selectors4j.mechanism} names, in upper or lower case.
   *
   * @return the mechanism that {@link DefaultSelector#open()} uses
   * @throws IllegalArgumentException when the property names no mechanism
   * @throws UnsupportedOperationException when the property names one that the platform lacks
   * @throws UnsatisfiedLinkError when the native library can't be loaded
   */
  public static Mechanism best() {
    String name = System.getProperty(PROPERTY);
    return name == null ? bestAvailable() : forced(name);
  }

  /** What says that this system lacks it, or null. */
  private @Nullable UnsupportedOperationException absence() {
    try {
      open().close();
      return null;
    } catch (UnsupportedOperationException absent) {
      return absent;
    } catch (IOException presentButRefused) {
      return null;
    }
  }

  /** The selector of {@link DefaultSelector}: what {@link #best} opens, without trying it first. */
  static BaseSelector openBest() throws IOException {
    if (System.getProperty(PROPERTY) != null) {
      return best().open(true);
    }
    for (Mechanism mechanism : values()) {
      if (mechanism.isBuiltIn()) {
        try {
          return mechanism.open(true);
        } catch (UnsupportedOperationException absent) {
          // The next one may be there.
        }
      }
    }
    throw none();
  }

  /** A first use has no time for the classes of what the library was built without. */
  private boolean isBuiltIn() {
    return NativeLibrary.hasNativesOf(shim);
  }

  private static Mechanism bestAvailable() {
    for (Mechanism mechanism : values()) {
      if (mechanism.isAvailable()) {
        return mechanism;
      }
    }
    throw none();
  }

  private static UnsupportedOperationException none() {
    return new UnsupportedOperationException(
        "this platform has no mechanism to wait for readiness");
  }

  private static Mechanism forced(String name) {
    for (Mechanism mechanism : values()) {
      if (mechanism.name().equalsIgnoreCase(name)) {
        UnsupportedOperationException absent = mechanism.absence();
        if (absent == null) {
          return mechanism;
        }
        throw new UnsupportedOperationException(
            "-D" + PROPERTY + "=" + name + ": " + absent.getMessage(), absent);
      }
    }
    throw new IllegalArgumentException(
        "-D"
            + PROPERTY
            + "="
            + name
            + " names no mechanism; one of "
            + Arrays.toString(values()).toLowerCase(Locale.ROOT)
            + " does");
  }
}
