/**
 * One mechanism, one class: what to ask the system, and what its answer means. The contract that
 * all of them keep is {@link io.github.selectors4j.internal.selecting.InterestSet}. Not exported.
 */
@NullMarked
package io.github.selectors4j.internal.sets;

import org.jspecify.annotations.NullMarked;
