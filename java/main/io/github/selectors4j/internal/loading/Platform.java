package io.github.selectors4j.internal.loading;

import java.util.Locale;

/** The platform that this JVM runs on, by the names of the folders below {@code natives/}. */
public final class Platform {
  private static final String OS_NAME = System.getProperty("os.name", "");
  private static final String OS_ARCH = System.getProperty("os.arch", "");

  private Platform() {}

  /** The folder of this platform's library, such as {@code linux_64}. */
  public static String directory() {
    return directory(OS_NAME, OS_ARCH);
  }

  /** As native-lib-loader's {@code Architecture} in lower case; others follow its pattern. */
  public static String directory(String osName, String osArch) {
    return system(osName) + "_" + processor(osArch);
  }

  public static boolean isWindows() {
    return system(OS_NAME).equals("windows");
  }

  public static boolean hasElfLibraries() {
    return !isWindows() && !system(OS_NAME).equals("osx");
  }

  /** For messages: the folder's name and the properties that it was made from. */
  public static String describe() {
    return directory() + " (os.name " + OS_NAME + ", os.arch " + OS_ARCH + ", JDK " + jdk() + ")";
  }

  /** For messages: whose Java runtime this is, and which version. */
  public static String jdk() {
    // Runtime.version() says the same, but by streams and lambdas, at 4 ms of each JVM's first use.
    return System.getProperty("java.vendor", "")
        + " "
        + System.getProperty("java.runtime.version", "");
  }

  private static String system(String osName) {
    String lower = osName.toLowerCase(Locale.ROOT);
    if (lower.startsWith("windows")) {
      return "windows";
    }
    if (lower.startsWith("mac") || lower.startsWith("darwin")) {
      return "osx";
    }
    return lower.replace(" ", "");
  }

  private static String processor(String osArch) {
    String lower = osArch.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "amd64", "x86_64", "x86-64" -> "64";
      case "x86", "i386", "i486", "i586", "i686" -> "32";
      case "aarch64", "arm64" -> "arm64";
      default -> lower.startsWith("arm") ? "arm" : lower;
    };
  }
}
