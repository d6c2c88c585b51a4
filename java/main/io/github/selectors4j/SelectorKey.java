package io.github.selectors4j;

import org.jspecify.annotations.Nullable;

/**
 * What a selector knows of one registered file object: Python's {@code selectors.SelectorKey}. A
 * key never changes: {@link BaseSelector#modify(Object, int) modify} makes a new one, and {@link
 * BaseSelector#getKey getKey} returns the current one.
 *
 * <pre>{@code
 * SelectorKey key = selector.register(channel, EVENT_READ, "client 7");
 * SelectorKey changed = selector.modify(channel, EVENT_READ | EVENT_WRITE);
 * assert key.events() == EVENT_READ; // a key never changes
 * assert selector.getKey(channel) == changed;
 * assert changed.data().equals("client 7");
 * }</pre>
 *
 * @param fileobj The file object that was registered, never null.
 * @param fd The number of the descriptor that is watched, not negative. For a {@code Process}, a
 *     {@code ProcessHandle} and the streams of a {@code Process} it is that of a descriptor that
 *     the selector has made and closes.
 * @param events What is waited for: one or more of {@link BaseSelector#EVENT_READ}, {@link
 *     BaseSelector#EVENT_WRITE}, {@link BaseSelector#EVENT_PRIORITY} and {@link
 *     BaseSelector#EVENT_HANGUP}.
 * @param data What was attached at registration or by {@code modify}. It may be null.
 */
public record SelectorKey(Object fileobj, int fd, int events, @Nullable Object data) {}
