package io.github.selectors4j;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A test that runs once for each {@link Mechanism} that works here, which is its first argument; or
 * for the one only that {@code -Dselectors4j.mechanism} forces.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0}")
@MethodSource("io.github.selectors4j.Mechanisms#underTest")
public @interface EveryMechanism {}
