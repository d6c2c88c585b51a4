package io.github.selectors4j.frameworks;

import static io.github.selectors4j.frameworks.Libuv.LIBRARY;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A selector in a loop of libuv. */
class InLibuv extends OuterLoopTestCase {
  InLibuv() {
    super(new LibuvLoop());
  }

  /** The first loop opens two descriptors, which stay. */
  @BeforeAll
  static void openFirst() {
    LibuvLoop.openAndClose();
  }

  @AfterAll
  static void closeLast() {
    LIBRARY.uv_library_shutdown();
  }
}
