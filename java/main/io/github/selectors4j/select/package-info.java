/**
 * The system's readiness calls themselves, one thin class each, for those who want their flags and
 * exact control: Python's {@code select} module.
 *
 * <p>The meaning is that of <a href="https://docs.python.org/3/library/select.html">Python's
 * module</a>: its {@code OSError} is a {@link io.github.selectors4j.SystemCallException}, its
 * {@code ValueError}, {@code TypeError} and {@code OverflowError} an {@link
 * java.lang.IllegalArgumentException}, its {@code KeyError} a {@link
 * java.util.NoSuchElementException}; the use of a closed object is an {@link
 * java.lang.IllegalStateException}. Methods don't take null unless they say so: it is a {@code
 * NullPointerException} that names the argument.
 */
@NullMarked
package io.github.selectors4j.select;

import org.jspecify.annotations.NullMarked;
