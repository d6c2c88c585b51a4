package io.github.selectors4j.bench;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;

/**
 * Measures two builds of this library against each other, in one JVM. Each has a class loader, with
 * contenders of its own that were compiled against it, so that the compiler learns nothing about
 * one from the other. This class and those it uses know of no build.
 */
final class Builds {

  private static final int[][] POLL_ROWS = {{16, 16}, {256, 256}, {1000, 1000}};

  /** Of each row, others are ready each time, but where all are. */
  private static final int[][] DRAINED_ROWS = {{64, 16}, {256, 100}, {1500, 100}, {256, 256}};

  private static final int REGISTERED = 64;

  /** What each build calls {@code EVENT_READ}. */
  private static final int READ = 1;

  private final Interleaved suite;
  private final List<Build> builds;

  private Builds(String suite, Build... builds) {
    this.suite = new Interleaved(suite);
    this.builds = Arrays.asList(builds);
    // Who is first opens, and is compiled, first.
    Collections.shuffle(this.builds);
  }

  /** What to measure, and the class paths of the old and of the new build. */
  public static void main(String[] arguments) throws IOException {
    Builds builds =
        new Builds(arguments[0], new Build("old", arguments[1]), new Build("new", arguments[2]));
    switch (arguments[0]) {
      case "wait" -> builds.waits("EpollSelector", "SelectNow", Pipes.EPOLL_ROWS);
      case "blocking" -> builds.waits("EpollSelector", "SelectBlocking", someReady());
      case "drained" -> builds.drained();
      case "list" -> builds.waits("EpollSelector", "SelectList", Pipes.EPOLL_ROWS);
      case "poll" -> builds.waits("PollSelector", "SelectNow", POLL_ROWS);
      case "select" -> builds.waits("SelectSelector", "SelectNow", POLL_ROWS);
      case "change" -> builds.changes();
      case "wakeup" -> builds.wakeups();
      default -> throw new IllegalArgumentException("no measure " + arguments[0]);
    }
  }

  private static int[][] someReady() {
    return Arrays.stream(Pipes.EPOLL_ROWS).filter(row -> row[1] > 0).toArray(int[][]::new);
  }

  private void waits(String selector, String contender, int[][] rows) throws IOException {
    suite.measure(rows, (self, pipes, ready) -> addWaits(selector, contender, pipes, ready));
  }

  private void addWaits(String selector, String contender, Pipes pipes, int ready) {
    Object[] numbers = pipes.boxedReadEnds();
    for (Build build : builds) {
      suite.with(build.name, () -> build.open(contender, selector, numbers, READ, ready));
    }
  }

  private void drained() throws IOException {
    try (Pipes pipes = new Pipes(16, 0)) {
      addDrained(pipes, 16);
      suite.warmUp(5);
    }
    for (int[] row : DRAINED_ROWS) {
      try (Pipes pipes = new Pipes(row[0], 0)) {
        addDrained(pipes, row[1]);
        suite.measure(row[0] + " / " + row[1]);
      }
    }
  }

  private void addDrained(Pipes pipes, int ready) {
    Object[] numbers = pipes.boxedReadEnds();
    IntConsumer drain = Natives::readByte;
    int[] sinks = pipes.writeEnds();
    Random random = new Random();
    Runnable refill = () -> writeToSome(sinks, ready, random);
    for (Build build : builds) {
      suite.with(
          build.name,
          () -> build.open("SelectDrained", "EpollSelector", numbers, READ, ready, drain, refill));
    }
  }

  /** To that many, which are then the first ones. */
  private static void writeToSome(int[] sinks, int count, Random random) {
    for (int i = 0; i < count; i++) {
      int chosen = i + random.nextInt(sinks.length - i);
      int sink = sinks[chosen];
      sinks[chosen] = sinks[i];
      sinks[i] = sink;
      Natives.writeByte(sink);
    }
  }

  private void changes() throws IOException {
    try (Pipes pipes = new Pipes(REGISTERED, 0)) {
      Object[] numbers = pipes.boxedReadEnds();
      Object[] channels = pipes.sources().toArray();
      for (boolean warm : new boolean[] {false, true}) {
        changes(warm, "modify, descriptor", "Modify", numbers);
        changes(warm, "modify, channel", "Modify", channels);
        changes(warm, "register and unregister, descriptor", "Register", numbers);
        changes(warm, "register and unregister, channel", "Register", channels);
      }
    }
  }

  private void changes(boolean warm, String name, String contender, Object[] fileobjs) {
    for (Build build : builds) {
      suite.with(build.name, () -> build.open(contender, "EpollSelector", (Object) fileobjs));
    }
    finish(warm, name);
  }

  private void wakeups() {
    Natives.stayOnProcessor(0);
    for (boolean warm : new boolean[] {false, true}) {
      for (Build build : builds) {
        suite.with(build.name, () -> build.openWakeup());
      }
      finish(warm, "of the thread itself, and select");
      for (Build build : builds) {
        suite.with(
            build.name,
            () -> new WakeablePair((Wakeable) build.openWakeup(), (Wakeable) build.openWakeup()));
      }
      finish(warm, "of another thread, there and back");
    }
  }

  private void finish(boolean warm, String name) {
    if (warm) {
      suite.measure(name);
    } else {
      suite.warmUp(5);
    }
  }

  /** One build, by a name. */
  private static final class Build {
    private static final String LIBRARY = "io.github.selectors4j.";
    private static final String CONTENDERS = LIBRARY + "bench.selector.";

    private final String name;
    private final ClassLoader loader;

    Build(String name, String classPath) throws MalformedURLException {
      this.name = name;
      String[] paths = classPath.split(File.pathSeparator);
      URL[] urls = new URL[paths.length];
      for (int i = 0; i < paths.length; i++) {
        urls[i] = new File(paths[i]).toURI().toURL();
      }
      loader = new URLClassLoader(urls, Builds.class.getClassLoader());
    }

    Contender openWakeup() throws Exception {
      return open("Wakeup", "EpollSelector");
    }

    /** A contender over a new selector; more are what else it is made of. */
    Contender open(String contender, String selector, Object... more) throws Exception {
      try {
        Object[] arguments = new Object[1 + more.length];
        arguments[0] = loader.loadClass(LIBRARY + selector).getMethod("open").invoke(null);
        System.arraycopy(more, 0, arguments, 1, more.length);
        return (Contender)
            loader.loadClass(CONTENDERS + contender).getConstructors()[0].newInstance(arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause() instanceof Exception cause ? cause : e;
      }
    }
  }
}
