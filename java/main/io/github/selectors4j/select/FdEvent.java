package io.github.selectors4j.select;

/**
 * A descriptor and the events that a poll reported for it.
 *
 * @param fd the descriptor
 * @param events the system's bits, as in {@link Poll#POLLIN}
 */
public record FdEvent(int fd, int events) {}
