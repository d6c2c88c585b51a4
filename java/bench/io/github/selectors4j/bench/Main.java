package io.github.selectors4j.bench;

/** Runs one suite in this JVM; scripts/bench calls it for each. */
final class Main {

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "wait" -> WaitSuites.epoll();
      case "steady" -> SteadySuite.run();
      case "list" -> WaitSuites.list();
      case "ways" -> WaitSuites.ways();
      case "poll" -> WaitSuites.poll();
      case "select" -> WaitSuites.select();
      case "growth" -> WaitSuites.growth();
      case "change" -> ChangeSuite.run();
      case "channel" -> ChannelSuite.run();
      case "heap" -> HeapSuite.run();
      case "wakeup" -> WakeupSuite.run();
      case "await" -> AwaitSuite.run();
      case "await-calls" ->
          AwaitSuite.run(
              arguments[1], Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
      case "cascade" -> CascadeSuite.run();
      default -> throw new IllegalArgumentException("no suite " + arguments[0]);
    }
  }
}
