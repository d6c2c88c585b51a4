package io.github.selectors4j;

/** Runs more threads than there are processors, until it is closed. */
public final class BusyProcessors implements AutoCloseable {
  private volatile boolean closed;

  private BusyProcessors() {}

  public static BusyProcessors start() {
    BusyProcessors busy = new BusyProcessors();
    for (int i = 0; i <= Runtime.getRuntime().availableProcessors(); i++) {
      new Thread(busy::spin).start();
    }
    return busy;
  }

  private void spin() {
    while (!closed) {
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
