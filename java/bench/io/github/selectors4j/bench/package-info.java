/** What {@code scripts/bench} runs: the selectors and their peers, measured side by side. */
package io.github.selectors4j.bench;
