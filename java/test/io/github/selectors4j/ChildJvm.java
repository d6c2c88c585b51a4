package io.github.selectors4j;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A JVM of its own, for what happens once in a JVM's life or would harm the tests' own: this JVM's
 * executable, options, class path and {@code selectors4j.*} properties.
 */
public final class ChildJvm {
  public static final String CLASS_PATH = System.getProperty("java.class.path");

  private ChildJvm() {}

  /** The command that runs {@code main}, for a {@link ProcessBuilder}. */
  public static List<String> command(Class<?> main, String... arguments) {
    return command(properties(), CLASS_PATH, main.getName(), arguments);
  }

  /** The command for other properties, of which {@link #properties} are to start from. */
  public static List<String> command(
      Map<String, String> properties, String classPath, String main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-Dselectors4j."))
        .forEach(command::add);
    command.add("--enable-native-access=ALL-UNNAMED");
    // In any locale; Java 17's name, and the one since Java 19.
    command.add("-Dsun.stdout.encoding=UTF-8");
    command.add("-Dstdout.encoding=UTF-8");
    properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(List.of(arguments));
    return command;
  }

  /** This JVM's properties that concern the library, to pass on or to change. */
  public static Map<String, String> properties() {
    Map<String, String> properties = new TreeMap<>();
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith("selectors4j.")) {
        properties.put(name, System.getProperty(name));
      }
    }
    return properties;
  }
}
