package io.github.selectors4j.internal.report;

import io.github.selectors4j.Mechanism;
import io.github.selectors4j.internal.fileobject.JdkMember;
import io.github.selectors4j.internal.fileobject.JdkMembers;
import io.github.selectors4j.internal.loading.NativeLibrary;
import io.github.selectors4j.internal.loading.Platform;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The report for bug reports: {@code java -jar selectors4j-<version>.jar}. */
public final class Report {

  private static final int NOTHING_WORKS = 1;
  private static final int WRONG_USAGE = 2;

  private static final String USAGE =
      """
      usage: java -jar selectors4j-<version>.jar [--help | --version]

      Tells what works on this machine, for bug reports: the version, the platform and the JDK,
      where the native library was loaded from, each mechanism, and each private member of the
      JDK that the library reads. Exits with 1 when the library can't be loaded or no mechanism
      works.""";

  private Report() {}

  /**
   * Prints the report, and the error instead when the native library can't be loaded.
   *
   * @param args none, {@code --help} or {@code --version}
   */
  public static void main(String[] args) {
    List<String> arguments = List.of(args);
    if (arguments.isEmpty()) {
      if (!print(System.out, Mechanism::isAvailable)) {
        System.exit(NOTHING_WORKS);
      }
    } else if (arguments.equals(List.of("--help"))) {
      System.out.println(USAGE);
    } else if (arguments.equals(List.of("--version"))) {
      System.out.println(version());
    } else {
      System.err.println("not understood: " + String.join(" ", arguments));
      System.err.println(USAGE);
      System.exit(WRONG_USAGE);
    }
  }

  /** Returns whether anything works. */
  static boolean print(PrintStream out, Predicate<Mechanism> works) {
    out.println(version());
    out.println("platform    " + Platform.describe());
    try {
      out.println("library     " + NativeLibrary.origin());
    } catch (UnsatisfiedLinkError e) {
      e.printStackTrace(out);
      return false;
    }
    List<Mechanism> working = Stream.of(Mechanism.values()).filter(works).toList();
    for (Mechanism mechanism : Mechanism.values()) {
      out.printf(
          "%-11s %s%n", lowerCase(mechanism), working.contains(mechanism) ? "works" : "absent");
    }
    try {
      out.println("default     " + lowerCase(Mechanism.best()));
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      out.println("default     none: " + e.getMessage());
    }
    for (JdkMember member : JdkMembers.all()) {
      out.println("member      " + member + (member.isPresent() ? " is there" : " is missing"));
    }
    return !working.isEmpty();
  }

  private static String lowerCase(Mechanism mechanism) {
    return mechanism.name().toLowerCase(Locale.ROOT);
  }

  private static String version() {
    Module module = Report.class.getModule();
    String version =
        module.isNamed()
            ? module.getDescriptor().rawVersion().orElse(null)
            : Report.class.getPackage().getImplementationVersion();
    return "selectors4j " + (version == null ? "of unknown version" : version);
  }
}
