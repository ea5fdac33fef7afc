package dev.finch.platform;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Native libraries out of jars, in directories of their own. Thread-safe, and safe against other
 * processes that extract the same library at the same time.
 *
 * <p>The jar's own loader is not used: it deletes foreign files in the temporary directory whose
 * names start with {@code llama}, and extracts to a fixed name that two processes fight over.
 */
public final class NativeLibraries {

  private static final String JAR_FOLDER = "/de/kherud/llama/";
  private static final String PROBE_SYMBOL = "llama_model_load_from_file";

  private NativeLibraries() {}

  /**
   * Opens the llama.cpp library of de.kherud:llama.
   *
   * @param cache the directory below which the library is extracted once per content
   * @param arena the library stays loaded as long as this lives
   * @throws FinchException with {@link FailureCode#ENGINE_UNAVAILABLE} and the reason
   */
  public static SymbolLookup openLlama(Path cache, Arena arena) {
    return openLlama(
        cache, arena, System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
  }

  static SymbolLookup openLlama(Path cache, Arena arena, String osName, String osArch) {
    NativePlatform platform =
        NativePlatform.of(osName, osArch)
            .orElseThrow(
                () ->
                    unavailable(
                        "The shipped llama.cpp library cannot be called on "
                            + osName
                            + " "
                            + osArch
                            + " (expected: Linux or macOS on x86-64 or arm64)."));
    requireProcessor(platform);
    for (NativePlatform.Companion companion : platform.companions()) {
      requireCompanion(companion, arena);
    }
    String resource = JAR_FOLDER + platform.folder() + "/" + platform.fileName();
    SymbolLookup library = open(extract(resource, platform.fileName(), cache), arena);
    if (library.find(PROBE_SYMBOL).isEmpty()) {
      throw unavailable("The library " + resource + " exports no " + PROBE_SYMBOL + ".");
    }
    return library;
  }

  /**
   * Writes a resource to {@code cache/native/<content>/<fileName>} unless it lies there as it was
   * written.
   *
   * @throws FinchException where the resource is missing or the cache cannot be written
   */
  static Path extract(String resource, String fileName, Path cache) {
    JarResource content = resource(resource);
    Path target = cache.resolve("native").resolve(content.name()).resolve(fileName);
    try {
      return CachedFile.at(target).orWritten(content::writeTo);
    } catch (IOException e) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.ENGINE_UNAVAILABLE,
              "The native library cannot be kept at " + target + ": " + e + ".",
              "Set finch.directories.cache to a directory of your own."),
          e);
    }
  }

  private static JarResource resource(String path) {
    try {
      return JarResource.of(NativeLibraries.class, path);
    } catch (IOException e) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.ENGINE_UNAVAILABLE, "The native library is missing: " + e + ".", null),
          e);
    }
  }

  private static SymbolLookup open(Path library, Arena arena) {
    try {
      return SymbolLookup.libraryLookup(library, arena);
    } catch (IllegalArgumentException e) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.ENGINE_UNAVAILABLE,
              "The system's loader refused " + library + ".",
              "It needs glibc 2.17 or newer, and a file system that is not mounted noexec."),
          e);
    }
  }

  private static void requireCompanion(NativePlatform.Companion companion, Arena arena) {
    try {
      SymbolLookup.libraryLookup(companion.library(), arena);
    } catch (IllegalArgumentException e) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.ENGINE_UNAVAILABLE,
              "llama.cpp needs " + companion.library() + ", which is not installed.",
              "Install it, on Debian: apt-get install " + companion.debianPackage() + "."),
          e);
    }
  }

  private static void requireProcessor(NativePlatform platform) {
    Path cpuInfo = Path.of("/proc/cpuinfo");
    if (platform.requiredCpuFlags().isEmpty() || !Files.isReadable(cpuInfo)) {
      return;
    }
    try {
      List<String> missing = platform.missingFlags(Files.readString(cpuInfo));
      if (!missing.isEmpty()) {
        throw unavailable(
            "This processor lacks " + missing + ", which the shipped llama.cpp was built for.");
      }
    } catch (IOException e) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.ENGINE_UNAVAILABLE, "Cannot read " + cpuInfo + ": " + e + ".", null),
          e);
    }
  }

  private static FinchException unavailable(String message) {
    return new FinchException(
        Failure.permanent(
            FailureCode.ENGINE_UNAVAILABLE, message, "Everything but the local engine works."));
  }
}
