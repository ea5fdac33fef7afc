package dev.finch.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs google-java-format over every Java file below a folder: {@code Format JAR check|write DIR}.
 */
final class Format {

  private static final List<String> COMPILER_PACKAGES =
      List.of("api", "code", "file", "parser", "tree", "util");

  public static void main(String[] args) throws IOException, InterruptedException {
    String jar = args[0];
    boolean check = args[1].equals("check");
    Path root = Path.of(args[2]);

    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String name : COMPILER_PACKAGES) {
      command.add("--add-exports=jdk.compiler/com.sun.tools.javac." + name + "=ALL-UNNAMED");
    }
    command.addAll(List.of("-Xshare:auto", "-jar", jar));
    command.addAll(check ? List.of("--dry-run", "--set-exit-if-changed") : List.of("--replace"));
    try (var files = Files.walk(root)) {
      files
          .map(Path::toString)
          .filter(file -> file.endsWith(".java"))
          .sorted()
          .forEach(command::add);
    }

    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0 && check) {
      System.err.println(
          "The files named above are not formatted as google-java-format would."
              + " Run: mvn -q process-test-classes -Dformat.mode=write");
    }
    System.exit(status);
  }
}
