package io.github.selectors4j.internal.report;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.internal.loading.NativeLibrary;
import io.github.selectors4j.internal.loading.Platform;
import java.io.PrintStream;
import java.util.Locale;

/** The report for bug reports: {@code java -jar selectors4j-<version>.jar}. */
public final class Report {
  private Report() {}

  /**
   * Prints the report, and the error instead when the native library can't be loaded.
   *
   * @param args none are due
   */
  public static void main(String[] args) {
    print(System.out);
  }

  static void print(PrintStream out) {
    out.println("selectors4j " + version());
    out.println("platform    " + Platform.describe());
    try {
      out.println("library     " + NativeLibrary.origin());
    } catch (UnsatisfiedLinkError e) {
      e.printStackTrace(out);
      return;
    }
    for (Mechanism mechanism : Mechanism.values()) {
      String name = mechanism.name().toLowerCase(Locale.ROOT);
      out.printf("%-11s %s%n", name, mechanism.isAvailable() ? "works" : "absent");
    }
    try {
      out.println("default     " + Mechanism.best().name().toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      out.println("default     none: " + e.getMessage());
    }
  }

  private static String version() {
    Module module = Report.class.getModule();
    return module.isNamed()
        ? module.getDescriptor().rawVersion().orElse("of unknown version")
        : String.valueOf(Report.class.getPackage().getImplementationVersion());
  }
}
