package io.github.selectors4j.select;

import java.io.IOException;

/** Whether the platform has a mechanism, found out by opening one. */
final class Availability {

  private Availability() {}

  static boolean of(Opener opener) {
    try (AutoCloseable opened = opener.open()) {
      return opened != null;
    } catch (UnsupportedOperationException absent) {
      return false;
    } catch (Exception presentButRefused) {
      return true;
    }
  }

  @FunctionalInterface
  interface Opener {
    AutoCloseable open() throws IOException;
  }
}
