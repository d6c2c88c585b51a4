package io.github.selectors4j;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.provider.Arguments;

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

  /** The same, for a test's name. */
  static List<Named<ThreadFactory>> named() throws ReflectiveOperationException {
    List<Named<ThreadFactory>> named = new ArrayList<>();
    for (ThreadFactory kind : all()) {
      named.add(Named.of(named.isEmpty() ? "platform" : "virtual", kind));
    }
    return named;
  }

  /** For {@link EveryMechanismAndThread}. */
  static List<Arguments> ofEveryMechanism() throws ReflectiveOperationException {
    List<Arguments> arguments = new ArrayList<>();
    for (Mechanism mechanism : Mechanisms.underTest()) {
      for (Named<ThreadFactory> kind : named()) {
        arguments.add(Arguments.of(mechanism, kind));
      }
    }
    return arguments;
  }
}
