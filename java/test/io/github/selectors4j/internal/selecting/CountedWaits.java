package io.github.selectors4j.internal.selecting;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Counts how often a loop has its set wait, until it is closed. A spin shows in the count, however
 * little of the processor it gets; and what a busy machine does besides, does not, as it does in
 * processor time. For the selecting thread only.
 */
public final class CountedWaits implements AutoCloseable {
  private final SelectLoop loop;
  private final InterestSet set;
  private int count;

  /** Begins at 0. */
  public CountedWaits(SelectLoop loop) {
    this.loop = loop;
    set = loop.set;
    loop.set =
        (InterestSet)
            Proxy.newProxyInstance(
                InterestSet.class.getClassLoader(),
                new Class<?>[] {InterestSet.class},
                (proxy, method, arguments) -> call(method, arguments));
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals("await")) {
      count++;
    }
    try {
      return method.invoke(set, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** How many waits there were. */
  public int count() {
    return count;
  }

  /** Leaves the loop as it was. */
  @Override
  public void close() {
    loop.set = set;
  }
}
