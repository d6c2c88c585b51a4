/** What every room of the house stands on. Not exported. */
@NullMarked
package io.github.selectors4j.internal;

import org.jspecify.annotations.NullMarked;
