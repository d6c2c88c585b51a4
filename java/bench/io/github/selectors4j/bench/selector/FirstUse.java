package io.github.selectors4j.bench.selector;

import io.github.selectors4j.DefaultSelector;
import java.io.IOException;

/**
 * Opens a selector and closes it, in a JVM that does nothing else; without arguments, not even
 * that.
 */
public final class FirstUse {

  private FirstUse() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length > 0) {
      DefaultSelector.open().close();
    }
  }
}
