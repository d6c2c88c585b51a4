/** Threads that wait for a descriptor. Not exported. */
@NullMarked
package io.github.selectors4j.internal.awaiting;

import org.jspecify.annotations.NullMarked;
