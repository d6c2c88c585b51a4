package io.github.selectors4j.internal.system;

import io.github.selectors4j.BaseSelector;

/** What no class of this room may do: it knows the face. */
public final class PlantedArrow {
  private PlantedArrow() {}

  static void up(BaseSelector selector) {
    selector.wakeup();
  }
}
