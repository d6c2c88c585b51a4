package io.github.selectors4j;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** The kinds of threads that this Java has. */
public final class ThreadKinds {

  private ThreadKinds() {}

  /** Platform threads, and from JDK 21 on virtual ones. */
  public static List<ThreadFactory> all() throws ReflectiveOperationException {
    List<ThreadFactory> kinds = new ArrayList<>();
    kinds.add(SelectThread::daemon);
    if (Runtime.version().feature() >= 21) {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Class<?> type = Class.forName("java.lang.Thread$Builder");
      kinds.add((ThreadFactory) type.getMethod("factory").invoke(builder));
    }
    return kinds;
  }
}
