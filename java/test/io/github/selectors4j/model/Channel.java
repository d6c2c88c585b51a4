package io.github.selectors4j.model;

/** What is on its way from one end to the other: a few small messages, or as much as fits. */
final class Channel {
  /** So few that no buffer of the kernel is full of them. */
  private static final int MOST_MESSAGES = 16;

  private int messages;
  private boolean full;

  boolean isEmpty() {
    return messages == 0 && !full;
  }

  boolean isFull() {
    return full;
  }

  int messages() {
    return messages;
  }

  /** Whether it is known what one more message does. */
  boolean knowsOneMore() {
    return full || messages < MOST_MESSAGES;
  }

  /** The same of what is done at its ends, where nobody knows how much there is room for. */
  boolean knowsAllButFilling(OpenFile.Transfer transfer) {
    return switch (transfer) {
      case WRITE -> knowsOneMore();
      case FILL -> false;
      case READ, DRAIN -> true;
    };
  }

  void add() {
    messages++;
  }

  void fill() {
    full = true;
  }

  void removeOne() {
    messages--;
  }

  void clear() {
    messages = 0;
    full = false;
  }
}
