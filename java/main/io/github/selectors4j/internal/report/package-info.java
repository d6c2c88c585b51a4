/** The text of java -jar. Not exported. */
@NullMarked
package io.github.selectors4j.internal.report;

import org.jspecify.annotations.NullMarked;
