/**
 * What is behind {@code DescriptorChannel}: a file's descriptor, its life and its calls. Not
 * exported.
 */
@NullMarked
package io.github.selectors4j.internal.transferring;

import org.jspecify.annotations.NullMarked;
