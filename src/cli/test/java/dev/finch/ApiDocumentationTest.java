package dev.finch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** doclint over the API: every public element has a comment, and every comment holds. */
final class ApiDocumentationTest {

  private static final String PACKAGES =
      "dev.finch,dev.finch.failure,dev.finch.model,dev.finch.inference";

  /** A record says in its components what its own constructor takes. */
  private static final Pattern COMPACT = Pattern.compile("\\s*public [A-Z]\\w* \\{.*");

  @TempDir Path classes;

  @Test
  void everyPublicElementIsDocumented() throws IOException {
    List<String> findings = new ArrayList<>();
    for (Diagnostic<? extends JavaFileObject> finding : doclint()) {
      String message = finding.getMessage(Locale.ROOT);
      boolean wrong = finding.getKind() == Diagnostic.Kind.ERROR;
      if (wrong || (message.contains("no comment") && !COMPACT.matcher(line(finding)).matches())) {
        findings.add(
            finding.getSource().getName() + ":" + finding.getLineNumber() + ": " + message);
      }
    }
    assertEquals(List.of(), findings);
  }

  private List<Diagnostic<? extends JavaFileObject>> doclint() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> findings = new DiagnosticCollector<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(findings, null, null)) {
      compiler
          .getTask(
              null,
              files,
              findings,
              List.of(
                  "-proc:none",
                  "-Xdoclint:all/public",
                  "-Xdoclint/package:" + PACKAGES,
                  "-Xmaxerrs",
                  "1000",
                  "-Xmaxwarns",
                  "1000",
                  "-d",
                  classes.toString(),
                  "-cp",
                  System.getProperty("java.class.path")),
              null,
              files.getJavaFileObjectsFromPaths(sources()))
          .call();
    }
    return findings.getDiagnostics();
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String room : PACKAGES.split(",", -1)) {
      Path folder = Path.of("src", "api", "main", "java").resolve(room.replace('.', '/'));
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    return sources;
  }

  private static String line(Diagnostic<? extends JavaFileObject> finding) throws IOException {
    return Files.readAllLines(Path.of(finding.getSource().toUri()))
        .get((int) finding.getLineNumber() - 1);
  }
}
