/**
 * Descriptors as channels: {@link io.github.selectors4j.channels.SelectableChannels} has the JDK's
 * own selectors, and what stands on them, wait for any file object.
 */
@NullMarked
package io.github.selectors4j.channels;

import org.jspecify.annotations.NullMarked;
