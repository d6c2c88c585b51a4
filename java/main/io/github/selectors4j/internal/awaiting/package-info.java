/** What is behind {@code Awaiter}: threads that wait, each for one descriptor. Not exported. */
@NullMarked
package io.github.selectors4j.internal.awaiting;

import org.jspecify.annotations.NullMarked;
