package io.github.selectors4j.model;

/** What comes of a change. */
enum Outcome {
  DONE,
  /** {@code IllegalStateException}. */
  REGISTERED_ALREADY,
  /** {@code NoSuchElementException}. */
  NOT_REGISTERED,
  /** {@code UnsupportedOperationException}. */
  UNSUPPORTED,
  /** {@code SystemCallException}. */
  REFUSED
}
