package io.github.selectors4j;

import java.io.IOException;

/**
 * Anything that has a descriptor: Python's {@code fileno()} protocol. Implement it to make a class
 * of your own a file object; it wins over every other kind that the class may be.
 *
 * <pre>{@code
 * record Device(String name, int fileno) implements HasFileno {}
 *
 * selector.register(new Device("/dev/input/event0", fd), EVENT_READ);
 * }</pre>
 */
@FunctionalInterface
public interface HasFileno {

  /**
   * The descriptor. A selector calls this in the threads that call its methods, without holding a
   * lock; several may do so at once. An unchecked exception passes through to them.
   *
   * @return the number of the descriptor, or a negative one when there is none, or none any more
   * @throws IOException when there is no descriptor, or none any more
   */
  int fileno() throws IOException;
}
