package io.github.selectors4j.model;

/**
 * What a wait found of a registration, as the system reported it.
 *
 * @param events before the key masks them, see {@link Answer}
 */
record Found(int slot, int generation, int events) {}
