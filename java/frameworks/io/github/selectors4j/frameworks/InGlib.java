package io.github.selectors4j.frameworks;

/** A selector in a main loop of GLib. */
class InGlib extends OuterLoopTestCase {
  InGlib() {
    super(new GlibLoop());
  }
}
