package io.github.selectors4j.model;

/** The model of a registration: what the key asks for, and which file it means. */
final class Watch {
  OpenFile file;
  Interest interest;
  final Object data;

  /** The kernel's set does not have it any more. */
  boolean forgotten;

  Watch(OpenFile file, Interest interest, Object data) {
    this.file = file;
    this.interest = interest;
    this.data = data;
  }
}
