package io.github.selectors4j.stress;

import io.github.selectors4j.Interposed;
import io.github.selectors4j.Rendezvous;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Outcome;

/**
 * Runs the races with three actors, which jcstress leaves out where there are fewer processors than
 * those: threads that the scheduler interrupts meet each other in other places, but meet.
 */
public final class Triples {

  private static final int ACTORS = 3;

  private final Class<?> type;
  private final boolean hasLedger;
  private final List<Method> actors;
  private final Method arbiter;
  private final List<String> acceptable;
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private final Rendezvous rendezvous = new Rendezvous(ACTORS);

  private Object race;
  private Object result;

  private Triples(Class<?> type, boolean hasLedger) throws ReflectiveOperationException {
    this.type = type;
    this.hasLedger = hasLedger;
    actors = methods(type, Actor.class);
    arbiter = methods(type, Arbiter.class).get(0);
    acceptable =
        Stream.of(type.getAnnotationsByType(Outcome.class))
            .flatMap(outcome -> Stream.of(outcome.id()))
            .collect(Collectors.toList());
    prepare();
  }

  /**
   * Runs each for that many milliseconds; exits with 1 when an outcome is not acceptable, or there
   * is none. With {@code ledger} as the second argument, the library has to be {@link Interposed},
   * and after each race to have touched no descriptor but its own, and to have closed those.
   */
  public static void main(String[] arguments) throws Exception {
    long millis = Long.parseLong(arguments[0]);
    boolean hasLedger = List.of(arguments).contains("ledger");
    List<Class<?>> types = new ArrayList<>();
    for (Class<?> races :
        List.of(
            WakeupRaces.class,
            CloseRaces.class,
            ChangeRaces.class,
            SelectRaces.class,
            AwaitRaces.class)) {
      for (Class<?> type : races.getClasses()) {
        if (methods(type, Actor.class).size() == ACTORS) {
          types.add(type);
        }
      }
    }
    boolean passed = !types.isEmpty();
    for (Class<?> type : types) {
      passed &= new Triples(type, hasLedger).run(millis);
    }
    System.exit(passed ? 0 : 1);
  }

  private static List<Method> methods(Class<?> type, Class<? extends Annotation> annotation) {
    return Stream.of(type.getMethods())
        .filter(method -> method.isAnnotationPresent(annotation))
        .collect(Collectors.toList());
  }

  private boolean run(long millis) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    List<FutureTask<Void>> tasks = new ArrayList<>();
    for (int i = 0; i < ACTORS; i++) {
      int index = i;
      FutureTask<Void> task = new FutureTask<>(() -> act(index, deadline));
      tasks.add(task);
      new Thread(task).start();
    }
    boolean passed = true;
    for (FutureTask<Void> task : tasks) {
      try {
        task.get();
      } catch (ExecutionException e) {
        e.printStackTrace();
        passed = false;
      }
    }
    passed &= !outcomes.isEmpty() && acceptable.containsAll(outcomes.keySet());
    System.out.println((passed ? "passed " : "FAILED ") + type.getName() + " " + outcomes);
    return passed;
  }

  private Void act(int index, long deadline) throws Exception {
    try {
      while (rendezvous.race()) {
        call(actors.get(index));
        rendezvous.await();
        if (index == 0) {
          finish();
          if (System.nanoTime() - deadline > 0) {
            break;
          }
          prepare();
        }
      }
      return null;
    } finally {
      rendezvous.callOff();
    }
  }

  private void prepare() throws ReflectiveOperationException {
    race = type.getConstructor().newInstance();
    result = resultType().getConstructor().newInstance();
  }

  private void finish() throws ReflectiveOperationException {
    call(arbiter);
    if (hasLedger) {
      Interposed.assertOwnsJust(List.of());
    }
    outcomes.merge(result.toString(), 1, Integer::sum);
  }

  private Class<?> resultType() {
    return actors.stream()
        .filter(method -> method.getParameterCount() > 0)
        .findAny()
        .orElseThrow()
        .getParameterTypes()[0];
  }

  private void call(Method method) throws IllegalAccessException, InvocationTargetException {
    if (method.getParameterCount() > 0) {
      method.invoke(race, result);
    } else {
      method.invoke(race);
    }
  }
}
