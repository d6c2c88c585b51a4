package io.github.selectors4j.model;

/** The model says one thing, and what was tested another. */
final class Disagreement extends AssertionError {
  private static final long serialVersionUID = 1;

  Disagreement(String message) {
    super(message);
  }
}
