package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * The clients that npm has, and Node to run them; tests skip loudly where neither can be had, and
 * fail where {@code CI=true}.
 */
final class NodePackages {

  /** Where scripts stand, beside {@code node_modules}. */
  static final Path WORK = Path.of("target", "node");

  private static final List<String> PACKAGES =
      List.of("openai@6", "@anthropic-ai/sdk@1", "ollama@0.6");

  /** Where the build is nobody's own, a client that cannot be had is a failure. */
  private static final boolean MUST = "true".equals(System.getenv("CI"));

  private NodePackages() {}

  static void install() throws Exception {
    install(PACKAGES);
  }

  /**
   * @param packages with their versions
   */
  static void install(List<String> packages) throws Exception {
    Files.createDirectories(WORK);
    if (packages.stream().allMatch(NodePackages::isInstalled)) {
      return;
    }
    List<String> command = new ArrayList<>();
    command.addAll(List.of("npm", "install", "--no-audit", "--no-fund", "--prefix", "."));
    command.addAll(packages);
    try {
      String output = run(command);
      if (!packages.stream().allMatch(NodePackages::isInstalled)) {
        throw new AssertionError(output);
      }
    } catch (IOException | AssertionError e) {
      String loud = "THE NPM CLIENTS ARE NOT TESTED: " + e.getMessage();
      if (MUST) {
        throw new AssertionError(loud, e);
      }
      System.err.println(loud);
      Assumptions.abort(loud);
    }
  }

  private static boolean isInstalled(String versioned) {
    String name = versioned.substring(0, versioned.lastIndexOf('@'));
    return Files.isDirectory(WORK.resolve("node_modules").resolve(name));
  }

  /**
   * What a program of a package prints that may talk to this machine alone; fails where it does not
   * end as it should.
   *
   * @param directory where it works; its home is made below
   */
  static String runAlone(
      String program,
      List<String> arguments,
      Path directory,
      int exitCode,
      Map<String, String> environment)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(arguments);
    command.addFirst(
        WORK.resolve("node_modules/.bin").resolve(program).toAbsolutePath().toString());
    Path home = Files.createDirectories(directory.resolve("home"));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder
        .redirectErrorStream(true)
        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.environment().put("HOME", home.toString());
    for (String proxy : List.of("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")) {
      builder.environment().put(proxy, "http://127.0.0.1:9");
    }
    builder.environment().put("NO_PROXY", "127.0.0.1");
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), output);
    assertEquals(exitCode, process.exitValue(), output);
    return output;
  }

  /** What a command prints; fails where it does not end well. */
  static String run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(WORK.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError(command.getFirst() + " failed: " + output);
    }
    return output;
  }
}
