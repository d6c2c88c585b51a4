package io.github.selectors4j.internal;

/** The bits of what a key waits for, which every room knows. */
public final class Events {

  /** See {@code BaseSelector.EVENT_READ}. */
  public static final int READ = 1;

  /** See {@code BaseSelector.EVENT_WRITE}. */
  public static final int WRITE = 2;

  /** See {@code BaseSelector.EVENT_PRIORITY}. */
  public static final int PRIORITY = 4;

  /** See {@code BaseSelector.EVENT_HANGUP}. */
  public static final int HANGUP = 8;

  /** Every event that a key may wait for. */
  public static final int ALL = READ | WRITE | PRIORITY | HANGUP;

  /** An error or a hang-up, for which nobody asks: no key has it, but what a wait found may. */
  public static final int END = 16;

  /** What an error or a hang-up counts as, where a key asks for it. */
  public static final int ENDED = READ | WRITE | HANGUP | END;

  private Events() {}

  /**
   * What of all that was found a key is told. A bare error or hang-up counts as priority only for
   * who waits for nothing else.
   *
   * @param found what a wait found, with {@link #END}
   * @param asked what the key waits for
   * @return 0 when it is not to be told at all
   */
  public static int masked(int found, int asked) {
    int events = found & asked;
    return events == 0 && asked == PRIORITY && (found & END) != 0 ? PRIORITY : events;
  }
}
