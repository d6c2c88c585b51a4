/**
 * Descriptors as channels: {@link io.github.selectors4j.channels.DescriptorChannel} reads and
 * writes what a selector watches, and {@link io.github.selectors4j.channels.SelectableChannels} has
 * the JDK's own selectors, and what stands on them, wait for any file object.
 *
 * <p>Methods don't take null unless they say so: it is a {@code NullPointerException} that names
 * the argument.
 */
@NullMarked
package io.github.selectors4j.channels;

import org.jspecify.annotations.NullMarked;
