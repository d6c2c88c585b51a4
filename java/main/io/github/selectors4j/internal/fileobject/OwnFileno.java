package io.github.selectors4j.internal.fileobject;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/**
 * One of this library's own objects with a descriptor. Once it is closed, its {@code fileno()}
 * throws an {@code IllegalStateException}; as a file object it then is one without a descriptor.
 * (An interface would be one more class for a first use to wait for.)
 */
@Retention(RetentionPolicy.RUNTIME)
public @interface OwnFileno {}
