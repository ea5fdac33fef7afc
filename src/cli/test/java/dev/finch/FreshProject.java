package dev.finch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Maven project outside of the tree with a local repository of its own. In that lie the artifacts
 * that the build made, as installing puts them there; everything else comes out of the repository
 * that the build itself used, and nothing over a network.
 */
final class FreshProject {

  private static final Path PROJECTS = Path.of("src", "cli", "test", "projects");
  private static final String VERSION = System.getProperty("finch.version", "");
  private static final long DEADLINE_SECONDS = 120;

  private final Path directory;
  private final Path repository;

  private FreshProject(Path directory) {
    this.directory = directory;
    this.repository = directory.resolve("repository");
  }

  /** Copies the project and compiles it against the artifacts. */
  static FreshProject compiled(String name, Path directory) throws Exception {
    FreshProject project = new FreshProject(directory);
    copy(PROJECTS.resolve(name), directory);
    project.install();
    project.writeSettings();
    project.compile();
    return project;
  }

  /** Names of the jars on its class path, without versions. */
  TreeSet<String> jars() throws IOException {
    TreeSet<String> jars = new TreeSet<>();
    for (String entry : classPath().split(File.pathSeparator, -1)) {
      String jar = Path.of(entry).getFileName().toString();
      String name = jar.replaceFirst("-\\d[^/]*\\.jar$", "");
      assertTrue(jars.add(name), "two versions of " + name + ": " + classPath());
    }
    return jars;
  }

  /** The sizes of these jars together. */
  long bytes() throws IOException {
    long bytes = 0;
    for (String entry : classPath().split(File.pathSeparator, -1)) {
      bytes += Files.size(Path.of(entry));
    }
    return bytes;
  }

  /** Runs a class of it, and gives what it said. */
  String run(String main, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-cp");
    command.add(directory.resolve("target/classes") + File.pathSeparator + classPath());
    command.add(main);
    command.addAll(List.of(arguments));
    return run("program", new ProcessBuilder(command));
  }

  private String classPath() throws IOException {
    return Files.readString(directory.resolve("classpath"));
  }

  private void compile() throws Exception {
    String maven = System.getProperty("finch.maven", "");
    ProcessBuilder builder =
        new ProcessBuilder(
            maven.isEmpty() ? "mvn" : Path.of(maven, "bin", "mvn").toString(),
            "-q",
            "-B",
            "-s",
            directory.resolve("settings.xml").toString(),
            "-Dfinch.version=" + VERSION,
            "-Dmdep.outputFile=" + directory.resolve("classpath"),
            "-Dmdep.includeScope=runtime",
            "compile",
            "dependency:build-classpath");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    run("maven", builder);
  }

  private String run(String name, ProcessBuilder builder) throws Exception {
    builder.environment().keySet().removeIf(key -> key.startsWith("ANTHROPIC_"));
    builder.environment().put("HF_HUB_OFFLINE", "1");
    Path output = directory.resolve(name + ".out");
    Process process =
        builder
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertTrue(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS), name + " did not end");
    String text = Files.readString(output, StandardCharsets.UTF_8);
    assertEquals(0, process.exitValue(), text);
    return text;
  }

  private void install() throws IOException {
    install("finch-parent", Path.of("pom.xml"), null);
    for (String module : House.modulesThatRun()) {
      Path outputs = Path.of("target", module);
      try (Stream<Path> files = Files.list(outputs)) {
        Path jar =
            files
                .filter(file -> file.getFileName().toString().endsWith("-" + VERSION + ".jar"))
                .findFirst()
                .orElseThrow();
        String artifact = jar.getFileName().toString().replace("-" + VERSION + ".jar", "");
        install(artifact, Path.of("src", module, "pom.xml"), jar);
      }
    }
  }

  private void install(String artifact, Path pom, Path jar) throws IOException {
    Path place = repository.resolve(Path.of("dev", "finch", artifact, VERSION));
    Files.createDirectories(place);
    Files.copy(pom, place.resolve(artifact + "-" + VERSION + ".pom"));
    if (jar != null) {
      Files.copy(jar, place.resolve(artifact + "-" + VERSION + ".jar"));
    }
  }

  private void writeSettings() throws IOException {
    Path used = Path.of(System.getProperty("finch.local-repository", ""));
    Files.writeString(
        directory.resolve("settings.xml"),
        """
        <settings>
          <localRepository>%s</localRepository>
          <mirrors>
            <mirror>
              <id>what-the-build-used</id>
              <mirrorOf>*</mirrorOf>
              <url>%s</url>
            </mirror>
          </mirrors>
        </settings>
        """
            .formatted(repository, used.toUri()));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }
}
