package io.github.selectors4j.select;

/**
 * One change for a {@link Kqueue}, or one event from it: {@code struct kevent} of kqueue(2).
 *
 * <pre>{@code
 * Kevent change = new Kevent(fd, KQ_FILTER_READ, KQ_EV_ADD, 0, 0, 0);
 * Kevent event = queue.control(List.of(change), 1, null).get(0);
 * long bytesToRead = event.data();
 * }</pre>
 *
 * @param ident What is watched: for most filters the number of a descriptor.
 * @param filter One of {@code KQ_FILTER_*}. It has to fit 16 bits, but on NetBSD 32.
 * @param flags Bits of {@code KQ_EV_*}: 16 of them, on NetBSD 32. Others are cut off.
 * @param fflags The filter's own flags, {@code KQ_NOTE_*}.
 * @param data The filter's own data: the number of bytes to read, the room to write, milliseconds
 *     of a timer, the errno with {@code KQ_EV_ERROR}.
 * @param udata Anything. The kernel hands it back untouched.
 */
public record Kevent(long ident, int filter, int flags, int fflags, long data, long udata) {}
