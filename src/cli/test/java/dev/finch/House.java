package dev.finch;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** All modules, as the build lays them out below the root. */
final class House {

  private static final Path SOURCES = Path.of("src");
  private static final Path OUTPUTS = Path.of("target");

  /** Modules that are no part of what runs: tests and the build. */
  private static final List<String> BESIDE = List.of("testkit", "build");

  private House() {}

  /** Names of all modules, as their directories below {@code src} have them. */
  static List<String> modules() {
    try (Stream<Path> all = Files.list(SOURCES)) {
      return all.filter(module -> Files.exists(module.resolve("pom.xml")))
          .map(module -> module.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names of the modules whose classes run where Finch does. */
  static List<String> modulesThatRun() {
    return modules().stream().filter(module -> !BESIDE.contains(module)).toList();
  }

  /** Every class that runs where Finch does. */
  static JavaClasses classes() {
    return imported(modulesThatRun().stream().map(House::classesOf));
  }

  /** The classes of one module. */
  static JavaClasses classes(String module) {
    return imported(Stream.of(classesOf(module)));
  }

  /** Every class of tests, and what the testkit shares among them. */
  static JavaClasses testClasses() {
    return imported(
        Stream.concat(
            modules().stream().map(module -> OUTPUTS.resolve(module).resolve("test-classes")),
            Stream.of(classesOf("testkit"))));
  }

  /** Java sources of what runs. */
  static List<Path> sources() {
    return sources(modulesThatRun().stream().map(module -> SOURCES.resolve(module + "/main")));
  }

  /** Java sources of everything but tests: what runs, what builds it, and the testkit. */
  static List<Path> sourcesOfAllModules() {
    return sources(modules().stream().map(module -> SOURCES.resolve(module + "/main")));
  }

  /** Java sources of all tests, the testkit's among them. */
  static List<Path> testSources() {
    return sources(
        Stream.concat(
            modules().stream().map(module -> SOURCES.resolve(module + "/test")),
            Stream.of(SOURCES.resolve("testkit/main"))));
  }

  private static Path classesOf(String module) {
    return OUTPUTS.resolve(module).resolve("classes");
  }

  private static JavaClasses imported(Stream<Path> places) {
    return new ClassFileImporter().importPaths(places.filter(Files::isDirectory).toList());
  }

  private static List<Path> sources(Stream<Path> roots) {
    return roots
        .filter(Files::isDirectory)
        .flatMap(House::files)
        .filter(name -> name.toString().endsWith(".java"))
        .toList();
  }

  private static Stream<Path> files(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
