package io.github.selectors4j.select;

/**
 * A descriptor, and the events that {@link Poll}, {@link Epoll} or {@link Devpoll} reported for it.
 *
 * <pre>{@code
 * FdEvent event = poll.poll(null).get(0);
 * boolean bytesToRead = (event.events() & POLLIN) != 0;
 * boolean writersGone = (event.events() & POLLHUP) != 0;
 * }</pre>
 *
 * @param fd The number of the descriptor, as it was registered.
 * @param events The system's bits, such as {@link Poll#POLLIN} or {@link Epoll#EPOLLIN}. Errors and
 *     hang-ups are among them whether or not they were asked for.
 */
public record FdEvent(int fd, int events) {}
