package io.github.selectors4j;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** The test class is about one mechanism, and runs where {@link Mechanisms} lists it. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(MechanismCondition.class)
public @interface RequiresMechanism {
  /** The mechanism. */
  Mechanism value();
}
