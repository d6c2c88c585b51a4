package io.github.selectors4j.internal.fileobject;

/**
 * One of this library's own objects with a descriptor. Once it is closed, its {@code fileno()}
 * throws an {@code IllegalStateException}; as a file object it then is one without a descriptor.
 */
public interface OwnFileno {}
