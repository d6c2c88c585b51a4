/**
 * Contenders by which this library's selectors are measured. They use the API that no version
 * changes, so they compile against each; {@code scripts/bench --against} has them twice in a JVM.
 */
package io.github.selectors4j.bench.selector;
