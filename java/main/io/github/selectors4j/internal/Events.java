package io.github.selectors4j.internal;

/** The bits of what a key waits for, which every room knows. */
public final class Events {

  /** See {@code BaseSelector.EVENT_READ}. */
  public static final int READ = 1;

  /** See {@code BaseSelector.EVENT_WRITE}. */
  public static final int WRITE = 2;

  /** Every bit. */
  public static final int ALL = READ | WRITE;

  private Events() {}
}
