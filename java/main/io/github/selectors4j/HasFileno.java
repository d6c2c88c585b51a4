package io.github.selectors4j;

import java.io.IOException;

/**
 * Anything that has a descriptor: Python's {@code fileno()} protocol. Implement it to make a class
 * of your own a file object; it wins over every other kind that the class may be.
 */
@FunctionalInterface
public interface HasFileno {

  /**
   * The descriptor.
   *
   * @return the descriptor, or a negative number when there is none (any more)
   * @throws IOException when there is no descriptor (any more)
   */
  int fileno() throws IOException;
}
