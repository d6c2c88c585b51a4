package io.github.selectors4j.bench;

import static io.github.selectors4j.BaseSelector.EVENT_READ;

import io.github.selectors4j.EpollSelector;
import io.github.selectors4j.PollSelector;
import io.github.selectors4j.SelectSelector;
import io.github.selectors4j.bench.selector.SelectBlocking;
import io.github.selectors4j.bench.selector.SelectList;
import io.github.selectors4j.bench.selector.SelectNow;
import java.io.IOException;

/** Waits that find some of many pipes ready. */
final class WaitSuites {

  private static final int[][] ROWS = {
    {16, 1}, {16, 16}, {256, 1}, {256, 256}, {1000, 1}, {1000, 1000}
  };

  private static final int[][] WAYS_ROWS = {{1, 1}, {64, 64}, {1000, 1}, {1000, 1000}};

  private static final String BARE = "bare JNI";

  private WaitSuites() {}

  static void epoll() throws IOException {
    new Interleaved("wait").measure(Pipes.EPOLL_ROWS, WaitSuites::addEpoll);
  }

  /**
   * Lists have a JVM of their own, as they have in a program: it is not the handlers' fault that
   * the compiler has to reckon with both.
   */
  static void list() throws IOException {
    new Interleaved("list").measure(Pipes.EPOLL_ROWS, WaitSuites::addLists);
  }

  /** The ways that there are from the system call to a key. */
  static void ways() throws IOException {
    new Interleaved("ways").measure(WAYS_ROWS, WaitSuites::addWays);
  }

  static void poll() throws IOException {
    new Interleaved("poll").measure(ROWS, WaitSuites::addPoll);
  }

  static void select() throws IOException {
    new Interleaved("select").measure(ROWS, WaitSuites::addSelect);
  }

  private static void addEpoll(Interleaved suite, Pipes pipes, int ready) {
    suite
        .with("C epoll_wait", () -> new CWait(pipes.reading(), ready, WaitSuites::epollNow))
        .with(BARE, () -> BareWait.epoll(pipes, ready, 0))
        .with(
            "selectNow(handler)",
            () -> new SelectNow(EpollSelector.open(), pipes.boxedReadEnds(), EVENT_READ, ready))
        .with("Netty", () -> new NettyWait(pipes.reading(), ready))
        .with("NIO consumer", () -> new NioWait.Consuming(pipes.reading(), ready));
    if (ready > 0) {
      suite
          .with(
              "C epoll_wait, blocking",
              () -> new CWait(pipes.reading(), ready, WaitSuites::epollBlocking))
          .with(BARE + ", blocking", () -> BareWait.epoll(pipes, ready, -1))
          .with(
              "select(null, handler)",
              () ->
                  new SelectBlocking(
                      EpollSelector.open(), pipes.boxedReadEnds(), EVENT_READ, ready));
    }
    suite
        .with("NIO selected keys", () -> new NioWait.SelectedKeys(pipes.reading(), ready))
        .with("Python", () -> new PythonWait("EpollSelector", pipes.count(), ready))
        .with("C poll", () -> new CWait(pipes.reading(), ready, Natives::pollTurns));
  }

  private static void addLists(Interleaved suite, Pipes pipes, int ready) {
    suite
        .with("C epoll_wait", () -> new CWait(pipes.reading(), ready, WaitSuites::epollNow))
        .with(
            "selectNow()",
            () -> new SelectList(EpollSelector.open(), pipes.boxedReadEnds(), EVENT_READ, ready))
        .with("NIO selected keys", () -> new NioWait.SelectedKeys(pipes.reading(), ready))
        .with("Python", () -> new PythonWait("EpollSelector", pipes.count(), ready));
  }

  private static void addWays(Interleaved suite, Pipes pipes, int ready) {
    suite
        .with("direct memory, table by index", () -> BareWait.epoll(pipes, ready, 0))
        .with("results copied into an array", () -> BareWait.copying(pipes, ready))
        .with("hash table", () -> BareWait.hashing(pipes, ready));
  }

  private static void addPoll(Interleaved suite, Pipes pipes, int ready) {
    suite
        .with("C poll", () -> new CWait(pipes.reading(), ready, Natives::pollTurns))
        .with(BARE, () -> BareWait.poll(pipes, ready))
        .with(
            "PollSelector",
            () -> new SelectNow(PollSelector.open(), pipes.boxedReadEnds(), EVENT_READ, ready))
        .with("jnr-enxio", () -> new EnxioWait(pipes, ready))
        .with("Python", () -> new PythonWait("PollSelector", pipes.count(), ready));
  }

  private static void addSelect(Interleaved suite, Pipes pipes, int ready) {
    suite
        .with("C select", () -> new CWait(pipes.reading(), ready, Natives::selectTurns))
        .with(BARE, () -> BareWait.select(pipes, ready))
        .with(
            "SelectSelector",
            () -> new SelectNow(SelectSelector.open(), pipes.boxedReadEnds(), EVENT_READ, ready))
        .with("Python", () -> new PythonWait("SelectSelector", pipes.count(), ready));
  }

  static void growth() throws IOException {
    Interleaved suite = new Interleaved("growth");
    try (Pipes all = new Pipes(9000, 1)) {
      for (int registered : new int[] {1, 100, 1000, 9000}) {
        Pipes pipes = all.first(registered);
        suite
            .with(
                "C epoll_wait of " + registered,
                () -> new CWait(pipes.reading(), 1, WaitSuites::epollNow))
            .with(
                "selectNow(handler) of " + registered,
                () -> new SelectNow(EpollSelector.open(), pipes.boxedReadEnds(), EVENT_READ, 1))
            .with("Netty of " + registered, () -> new NettyWait(pipes.reading(), 1))
            .with("NIO consumer of " + registered, () -> new NioWait.Consuming(pipes.reading(), 1));
      }
      suite.measure("1 ready");
    }
    try (Pipes pipes = new Pipes(9000, 0)) {
      suite
          .with("C epoll_ctl", () -> new Registering.AllInC(pipes))
          .with(BARE, () -> new Registering.AllBare(pipes))
          .with("register", () -> new Registering.All(pipes))
          .with("NIO register", () -> new Registering.AllInNio(pipes));
      suite.measure("register 9000");
    }
  }

  static long epollNow(long loop, int turns, int ready) {
    return Natives.epollTurns(loop, turns, ready, 0);
  }

  private static long epollBlocking(long loop, int turns, int ready) {
    return Natives.epollTurns(loop, turns, ready, -1);
  }
}
