package io.github.selectors4j.model;

/** What of a socket is shut down. */
enum Side {
  READ,
  WRITE,
  BOTH
}
