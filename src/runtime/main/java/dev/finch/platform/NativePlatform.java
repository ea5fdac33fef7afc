package dev.finch.platform;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An operating system and processor for which de.kherud:llama carries a library with llama.cpp's C
 * API.
 *
 * @param folder of the library inside the jar
 * @param fileName of the library
 * @param companions system libraries that it needs and that may be missing, with the package to
 *     install
 * @param requiredCpuFlags features compiled in without a check at run time, as Linux names them
 */
record NativePlatform(
    String folder, String fileName, List<Companion> companions, List<String> requiredCpuFlags) {

  /** A system library and the Debian package that brings it. */
  record Companion(String library, String debianPackage) {}

  private static final List<Companion> GNU =
      List.of(
          new Companion("libgomp.so.1", "libgomp1"), new Companion("libstdc++.so.6", "libstdc++6"));

  private static final List<String> X86 = List.of("avx2", "fma", "f16c", "bmi2");

  NativePlatform {
    companions = List.copyOf(companions);
    requiredCpuFlags = List.copyOf(requiredCpuFlags);
  }

  /** Empty where the jar has no library, or one that exports no C API (Windows). */
  static Optional<NativePlatform> of(String osName, String osArch) {
    boolean x86 = osArch.equals("amd64") || osArch.equals("x86_64");
    boolean arm = osArch.equals("aarch64") || osArch.equals("arm64");
    String system = osName.toLowerCase(Locale.ROOT);
    if (system.startsWith("linux") && x86) {
      return Optional.of(new NativePlatform("Linux/x86_64", "libjllama.so", GNU, X86));
    }
    if (system.startsWith("linux") && arm) {
      return Optional.of(new NativePlatform("Linux/aarch64", "libjllama.so", GNU, List.of()));
    }
    if (system.startsWith("mac") && x86) {
      return Optional.of(new NativePlatform("Mac/x86_64", "libjllama.dylib", List.of(), List.of()));
    }
    if (system.startsWith("mac") && arm) {
      return Optional.of(
          new NativePlatform("Mac/aarch64", "libjllama.dylib", List.of(), List.of()));
    }
    return Optional.empty();
  }

  /** Which of the required flags a Linux {@code /proc/cpuinfo} does not list. */
  List<String> missingFlags(String cpuInfo) {
    Optional<String> flags = cpuInfo.lines().filter(line -> line.startsWith("flags")).findFirst();
    if (flags.isEmpty()) {
      return List.of();
    }
    List<String> present = List.of(flags.get().split("\\s+"));
    return requiredCpuFlags.stream().filter(flag -> !present.contains(flag)).toList();
  }
}
