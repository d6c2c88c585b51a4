package io.github.selectors4j.internal.system;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Virtual threads, of a Java that may have none: they came with 21. */
public final class VirtualThreads {

  private static final @Nullable MethodHandle IS_VIRTUAL = find();

  private VirtualThreads() {}

  /** Whether the thread goes from one thread of the system to the other. */
  public static boolean isVirtual(Thread thread) {
    try {
      return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(thread);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static @Nullable MethodHandle find() {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
    } catch (ReflectiveOperationException olderJava) {
      return null;
    }
  }

  /** Starts one, where there are some. */
  public static void start(String name, Runnable body) {
    Factory.of(name).newThread(body).start();
  }

  /** Lets others have their turn. */
  @SuppressWarnings("ThreadPriorityCheck") // those on the same carrier, which is no guess
  public static void letOthersGoOn() {
    Thread.yield();
  }

  /**
   * Lets those have their turn, too, whom a timer or a platform thread has woken: a carrier comes
   * to them when it has nothing of its own left, which the current thread adds to unless it parks.
   */
  public static void letAllGoOn() {
    LockSupport.parkNanos(1);
  }

  /** Loaded when it is needed. */
  private static final class Factory {

    private Factory() {}

    static ThreadFactory of(String name) {
      try {
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        Class<?> type = Class.forName("java.lang.Thread$Builder");
        Object named = type.getMethod("name", String.class).invoke(builder, name);
        return (ThreadFactory) type.getMethod("factory").invoke(named);
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(e.getMessage(), e);
      }
    }
  }
}
