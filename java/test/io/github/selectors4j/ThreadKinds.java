package io.github.selectors4j;

import static org.junit.jupiter.api.Named.named;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
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

  /** For {@link EveryMechanismAndThread}. */
  static List<Arguments> ofEveryMechanism() throws ReflectiveOperationException {
    List<ThreadFactory> kinds = all();
    List<Arguments> arguments = new ArrayList<>();
    for (Mechanism mechanism : Mechanisms.underTest()) {
      for (int kind = 0; kind < kinds.size(); kind++) {
        String name = kind == 0 ? "platform" : "virtual";
        arguments.add(Arguments.of(mechanism, named(name, kinds.get(kind))));
      }
    }
    return arguments;
  }
}
