package io.github.selectors4j;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * As {@link EveryMechanism}, once for each of the {@link ThreadKinds}, whose factory is the second
 * argument.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0}, {1}")
@MethodSource("io.github.selectors4j.ThreadKinds#ofEveryMechanism")
public @interface EveryMechanismAndThread {}
