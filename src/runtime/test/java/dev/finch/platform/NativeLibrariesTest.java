package dev.finch.platform;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeLibrariesTest {

  private static final String RESOURCE = "/de/kherud/llama/Linux/x86_64/libjllama.so";

  @TempDir Path cache;

  @Test
  void opensTheShippedLibrary() {
    try (Arena arena = Arena.ofConfined()) {
      assertTrue(NativeLibraries.openLlama(cache, arena).find("llama_decode").isPresent());
    }
  }

  @Test
  void extractsOncePerContentAndReusesIt() throws IOException {
    Path first = NativeLibraries.extract(RESOURCE, "libjllama.so", cache);
    var writtenAt = Files.getLastModifiedTime(first);
    assertEquals(first, NativeLibraries.extract(RESOURCE, "libjllama.so", cache));
    assertEquals(writtenAt, Files.getLastModifiedTime(first));
  }

  @Test
  void replacesALibraryThatWasCutShort() throws IOException {
    Path library = NativeLibraries.extract(RESOURCE, "libjllama.so", cache);
    byte[] whole = Files.readAllBytes(library);
    Files.write(library, new byte[] {1, 2, 3});
    assertArrayEquals(
        whole, Files.readAllBytes(NativeLibraries.extract(RESOURCE, "libjllama.so", cache)));
  }

  @Test
  void replacesALibraryOfTheRightSizeThatSomebodyElsePutThere() throws IOException {
    Path library = NativeLibraries.extract(RESOURCE, "libjllama.so", cache);
    byte[] whole = Files.readAllBytes(library);
    byte[] other = whole.clone();
    other[whole.length / 2] ^= 1;
    Files.delete(library);
    Files.write(library, other);
    assertArrayEquals(
        whole, Files.readAllBytes(NativeLibraries.extract(RESOURCE, "libjllama.so", cache)));
  }

  @Test
  void manyAtOnceLeaveOneCompleteLibraryAndNothingElse() throws Exception {
    Callable<Path> extraction = () -> NativeLibraries.extract(RESOURCE, "libjllama.so", cache);
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Path>> all = pool.invokeAll(List.of(extraction, extraction, extraction));
      Path library = all.getFirst().get();
      for (Future<Path> one : all) {
        assertEquals(library, one.get());
      }
      Path folder = requireNonNull(library.getParent());
      try (var files = Files.list(folder)) {
        Path seal = folder.resolve(".libjllama.so.seal");
        assertEquals(Set.of(library, seal), Set.copyOf(files.toList()));
      }
      assertEquals("rwx------", permissions(folder));
    }
  }

  @Test
  void touchesNothingElseInTheCache() throws IOException {
    Path bystander = Files.writeString(cache.resolve("llama-3-8b.gguf"), "mine");
    NativeLibraries.extract(RESOURCE, "libjllama.so", cache);
    assertEquals("mine", Files.readString(bystander));
  }

  @Test
  void saysWhyThereIsNoEngineOnWindows() {
    FinchException refusal =
        assertThrows(
            FinchException.class,
            () -> NativeLibraries.openLlama(cache, Arena.global(), "Windows 11", "amd64"));
    assertEquals(FailureCode.ENGINE_UNAVAILABLE, refusal.failure().code());
    assertTrue(refusal.failure().message().contains("Windows 11 amd64"));
  }

  @Test
  void saysWhenTheCacheCannotBeWritten() throws IOException {
    Path file = Files.writeString(cache.resolve("file"), "");
    FinchException refusal =
        assertThrows(FinchException.class, () -> NativeLibraries.openLlama(file, Arena.global()));
    assertEquals(FailureCode.ENGINE_UNAVAILABLE, refusal.failure().code());
  }

  @Test
  void namesTheProcessorFeaturesThatAreMissing() {
    NativePlatform linux = NativePlatform.of("Linux", "amd64").orElseThrow();
    assertEquals(
        List.of("fma", "bmi2"), linux.missingFlags("model name : x\nflags\t\t: sse avx2 f16c\n"));
    assertEquals(List.of(), linux.missingFlags("flags : avx2 fma f16c bmi2 avx512f"));
  }

  @Test
  void knowsThePlatformsOfTheJar() {
    assertEquals("Mac/aarch64", NativePlatform.of("Mac OS X", "aarch64").orElseThrow().folder());
    assertEquals("Mac/x86_64", NativePlatform.of("Mac OS X", "x86_64").orElseThrow().folder());
    assertEquals("Linux/aarch64", NativePlatform.of("Linux", "aarch64").orElseThrow().folder());
    for (String unknown : Set.of("Windows 10", "FreeBSD", "SunOS")) {
      assertTrue(NativePlatform.of(unknown, "amd64").isEmpty());
    }
    assertTrue(NativePlatform.of("Linux", "riscv64").isEmpty());
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
