/**
 * What the public packages stand on: the native library and its natives, one class per mechanism.
 * Not exported.
 */
@NullMarked
package io.github.selectors4j.internal;

import org.jspecify.annotations.NullMarked;
