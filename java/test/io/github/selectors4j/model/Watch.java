package io.github.selectors4j.model;

/** The model of a registration: what the key asks for, and which file it means. */
final class Watch {
  OpenFile file;

  /** What the key asks for. */
  int events;

  final Object data;

  /** Tells it from earlier ones of the same number, and of the same key. */
  int generation;

  /** The kernel's set does not have it any more. */
  boolean forgotten;

  /** What an adaptive set asks poll for, in place of the kernel's set; 0 if it does not. */
  int polledFor;

  Watch(OpenFile file, int events, Object data, int generation) {
    this.file = file;
    this.events = events;
    this.data = data;
    this.generation = generation;
  }
}
