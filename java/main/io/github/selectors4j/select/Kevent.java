package io.github.selectors4j.select;

/**
 * One change for, or one event from, a kqueue: {@code struct kevent} of kqueue(2).
 *
 * @param ident what is watched: a descriptor for most filters
 * @param filter {@code KQ_FILTER_*}
 * @param flags {@code KQ_EV_*}
 * @param fflags the filter's own flags, {@code KQ_NOTE_*}
 * @param data the filter's own data: the bytes to read, the room to write, an errno with {@code
 *     KQ_EV_ERROR}
 * @param udata carried through the kernel untouched
 */
public record Kevent(long ident, int filter, int flags, int fflags, long data, long udata) {}
