/**
 * What {@code scripts/stress races} runs: the selectors' methods in pairs and triples, under
 * jcstress. The outcomes that each allows are those of the contract; every other one is forbidden.
 */
package io.github.selectors4j.stress;
