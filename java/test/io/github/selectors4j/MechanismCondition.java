package io.github.selectors4j;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Leaves out the test classes of mechanisms that don't work here, unless the build requires them.
 */
final class MechanismCondition implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Mechanism mechanism =
        AnnotationSupport.findAnnotation(context.getRequiredTestClass(), RequiresMechanism.class)
            .orElseThrow()
            .value();
    return Mechanisms.available().contains(mechanism)
        ? ConditionEvaluationResult.enabled(mechanism + " is available")
        : ConditionEvaluationResult.disabled("this platform lacks " + mechanism);
  }
}
