package io.github.selectors4j.frameworks;

/** An event loop that waits for descriptors, and knows nothing of selectors. */
public interface OuterLoop {

  /** What the loop calls. */
  interface Callback {
    /** Returns whether the loop is to go on. */
    boolean readable();
  }

  /** Runs a new loop, which calls this whenever the descriptor is readable; returns at its end. */
  void run(int fd, Callback callback) throws Exception;
}
