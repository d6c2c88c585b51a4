package io.github.selectors4j.model;

/** What can be opened. */
enum Kind {
  PIPE,
  SOCKET,
  TCP,
  TERMINAL,
  EVENTFD,
  /** An end of the one FIFO that there is. */
  FIFO_READER,
  FIFO_WRITER;

  /** Whether two descriptors come of it. */
  boolean isPair() {
    return this == PIPE || this == SOCKET || this == TCP || this == TERMINAL;
  }
}
