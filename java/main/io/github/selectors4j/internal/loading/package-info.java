/** Finds, unpacks and loads the native library, once. Not exported. */
@NullMarked
package io.github.selectors4j.internal.loading;

import org.jspecify.annotations.NullMarked;
