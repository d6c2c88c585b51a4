package io.github.selectors4j.internal.loading;

/** {@link LoadAttempt} in a thread whose interrupt status is set, and stays set. */
public final class InterruptedLoad {
  private InterruptedLoad() {}

  public static void main(String[] args) {
    Thread.currentThread().interrupt();
    LoadAttempt.main(args);
    System.out.println("interrupted " + Thread.interrupted());
  }
}
