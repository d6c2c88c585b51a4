package io.github.selectors4j.internal.selecting;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The numbers that are watched in place of descriptors that have keys. Changed with the selector's
 * lock held, read without.
 */
final class Substitutes {

  /** What {@link #descriptor} returns of a number that is none. */
  static final int NONE = -1;

  private final Map<Integer, Integer> descriptors = new ConcurrentHashMap<>();

  /** The same the other way round. */
  private final Map<Integer, Integer> numbers = new ConcurrentHashMap<>();

  void put(int number, int fd) {
    numbers.put(fd, number);
    descriptors.put(number, fd);
  }

  /** From now on, a descriptor is watched itself; returns the number that was watched for it. */
  int remove(int fd) {
    Integer number = numbers.remove(fd);
    if (number == null) {
      return fd;
    }
    descriptors.remove(number);
    return number;
  }

  /** The descriptor in whose place a number is watched, or {@link #NONE}. */
  int descriptor(int number) {
    return descriptors.getOrDefault(number, NONE);
  }

  /** The number that is watched for a descriptor: another one, or itself. */
  int number(int fd) {
    return numbers.getOrDefault(fd, fd);
  }
}
