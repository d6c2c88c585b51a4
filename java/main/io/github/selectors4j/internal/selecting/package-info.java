/**
 * What selectors have in common: the loop, the registrations and who may change them. Not exported.
 */
@NullMarked
package io.github.selectors4j.internal.selecting;

import org.jspecify.annotations.NullMarked;
