package io.github.selectors4j;

import org.jspecify.annotations.Nullable;

/**
 * What a selector knows of one registered file object: Python's {@code selectors.SelectorKey}.
 *
 * <p>A key is an immutable snapshot. {@link BaseSelector#modify(Object, int) modify} makes a new
 * one and {@link BaseSelector#getKey} returns the current one.
 *
 * @param fileobj the file object, as it was registered
 * @param fd the descriptor that is watched; for an input stream of a {@code Process} the number of
 *     the selector's own duplicate
 * @param events the events waited for: {@link BaseSelector#EVENT_READ}, {@link
 *     BaseSelector#EVENT_WRITE} or both
 * @param data whatever was attached at registration, or null
 */
public record SelectorKey(Object fileobj, int fd, int events, @Nullable Object data) {}
