/** The shims, one class for each mechanism, and what they share. Not exported. */
@NullMarked
package io.github.selectors4j.internal.system;

import org.jspecify.annotations.NullMarked;
