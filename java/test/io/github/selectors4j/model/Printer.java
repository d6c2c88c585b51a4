package io.github.selectors4j.model;

import io.github.selectors4j.Mechanism;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

/** Prints a failure as a test. */
final class Printer {
  private Printer() {}

  /**
   * The source of a test class of this package that fails as {@link Trial#run} did.
   *
   * @param models the source of the models' factory
   */
  static String test(
      String name, List<Mechanism> mechanisms, String models, List<Step> steps, String failure) {
    StringBuilder source = new StringBuilder();
    source.append("package ").append(Printer.class.getPackageName()).append(";\n\n");
    source.append("import io.github.selectors4j.Mechanism;\n");
    source.append("import java.util.List;\n");
    source.append("import org.junit.jupiter.api.Test;\n\n");
    source.append("class ").append(name).append(" {\n");
    for (String line : failure.lines().toList()) {
      source.append("  // ").append(line.replace('\\', '/')).append('\n');
    }
    source.append("  @Test\n");
    source.append("  void agrees() throws Exception {\n");
    source.append("    Trial.run(\n");
    source.append("        List.of(").append(list(mechanisms, ", ")).append("),\n");
    source.append("        ").append(models).append(",\n");
    source.append("        List.of(\n");
    source.append("            ").append(list(steps, ",\n            ")).append("));\n");
    return source.append("  }\n}\n").toString();
  }

  private static String list(List<?> values, String separator) {
    return String.join(separator, values.stream().map(Printer::expression).toList());
  }

  private static String expression(Object value) {
    if (value instanceof Enum<?> constant) {
      return constant.getDeclaringClass().getSimpleName() + "." + constant.name();
    }
    if (!(value instanceof Step)) {
      return value.toString();
    }
    List<Object> components = new ArrayList<>();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      try {
        components.add(component.getAccessor().invoke(value));
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new LinkageError("a record's accessor failed", e);
      }
    }
    return "new Step." + value.getClass().getSimpleName() + "(" + list(components, ", ") + ")";
  }
}
