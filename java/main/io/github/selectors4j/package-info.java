/**
 * Python's {@code selectors} for Java: wait for readiness on any file descriptor, with the
 * operating system's mechanism chosen by name.
 *
 * <p>{@link io.github.selectors4j.DefaultSelector#open()} is where to begin. The names and their
 * meaning are those of <a href="https://docs.python.org/3/library/selectors.html">Python's
 * module</a>. Methods don't take null unless they say so: it is a {@code NullPointerException} that
 * names the argument.
 */
@NullMarked
package io.github.selectors4j;

import org.jspecify.annotations.NullMarked;
