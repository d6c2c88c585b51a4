package io.github.selectors4j.internal.loading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.EnumSource.Mode.EXCLUDE;

import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.scijava.nativelib.NativeLibraryUtil.Architecture;

/** The names of the folders below {@code natives/}, from what JVMs say of their platforms. */
@Tag("mechanism-independent")
class PlatformTest {
  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, linux_64",
    "Linux, i386, linux_32",
    "Linux, x86, linux_32",
    "Linux, aarch64, linux_arm64",
    "Linux, arm, linux_arm",
    "Linux, ppc64le, linux_ppc64le",
    "Linux, s390x, linux_s390x",
    "Linux, riscv64, linux_riscv64",
    "Linux, loongarch64, linux_loongarch64",
    "Mac OS X, x86_64, osx_64",
    "Mac OS X, aarch64, osx_arm64",
    "FreeBSD, amd64, freebsd_64",
    "FreeBSD, aarch64, freebsd_arm64",
    "NetBSD, amd64, netbsd_64",
    "OpenBSD, amd64, openbsd_64",
    "SunOS, amd64, sunos_64",
    "Windows 11, amd64, windows_64",
    "Windows Server 2022, x86, windows_32",
    "Windows 11, aarch64, windows_arm64",
  })
  void directory(String osName, String osArch, String directory) {
    assertEquals(directory, Platform.directory(osName, osArch));
  }

  @ParameterizedTest
  @EnumSource(mode = EXCLUDE, names = "UNKNOWN")
  void directoryOfWhatNativeLibLoaderKnows(Architecture known) {
    String[] names = known.name().toLowerCase(Locale.ROOT).split("_");
    String osName = names[0].equals("osx") ? "Mac OS X" : names[0];
    String osArch =
        switch (names[1]) {
          case "32" -> "x86";
          case "64" -> "amd64";
          default -> names[1];
        };
    assertEquals(String.join("_", names), Platform.directory(osName, osArch));
  }
}
