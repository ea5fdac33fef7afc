package dev.finch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jline.reader.LineReader;
import org.jline.terminal.Terminal;
import org.junit.jupiter.api.Test;

/** Holds the code to the room table of DESIGN.md. */
final class RoomsTest {

  private static final JavaClasses FINCH =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.finch");

  private static final Pattern ESCAPE = Pattern.compile("\\\\u001b|\\\\033|\\\\u009b");
  private static final List<String> VOCABULARY = List.of("failure", "model", "inference");

  /** Room to the rooms that it may enter beside failure and settings. */
  private static final Map<String, List<String>> MAY_ENTER = new LinkedHashMap<>();

  static {
    MAY_ENTER.put("failure", List.of());
    MAY_ENTER.put("settings", List.of());
    MAY_ENTER.put("model", List.of());
    MAY_ENTER.put("inference", List.of("model"));
    MAY_ENTER.put("gguf", List.of("model"));
    MAY_ENTER.put("platform", List.of());
    MAY_ENTER.put("jinja", List.of());
    MAY_ENTER.put("network", List.of());
    MAY_ENTER.put("selection", List.of("model", "gguf", "platform"));
    MAY_ENTER.put("download", List.of("model", "network", "platform"));
    MAY_ENTER.put("engine", List.of("inference", "model", "gguf", "jinja", "platform"));
    MAY_ENTER.put("claude", List.of("inference", "model", "network"));
    MAY_ENTER.put("routing", List.of("inference", "model"));
    MAY_ENTER.put(
        "supervisor",
        List.of(
            "inference",
            "model",
            "gguf",
            "platform",
            "selection",
            "download",
            "engine",
            "claude",
            "routing"));
    MAY_ENTER.put(
        "runtime",
        List.of(
            "",
            "inference",
            "model",
            "gguf",
            "platform",
            "selection",
            "download",
            "engine",
            "claude",
            "routing",
            "supervisor"));
    MAY_ENTER.put("wire", List.of("", "inference", "model"));
    MAY_ENTER.put("remote", List.of("", "inference", "model", "network", "wire"));
    MAY_ENTER.put("http", List.of("", "inference", "model", "network", "wire"));
    MAY_ENTER.put(
        "cli", List.of("", "inference", "model", "platform", "runtime", "remote", "http", "wire"));
    MAY_ENTER.put("", VOCABULARY);
  }

  @Test
  void everyClassStandsInARoomOfTheTable() {
    classes()
        .should()
        .resideInAnyPackage(
            MAY_ENTER.keySet().stream()
                .map(room -> room.isEmpty() ? "dev.finch" : "dev.finch." + room + "..")
                .toArray(String[]::new))
        .check(FINCH);
  }

  @Test
  void dependenciesPointTheWayOfTheTable() {
    for (var room : MAY_ENTER.entrySet()) {
      List<String> allowed = new ArrayList<>(room.getValue());
      allowed.addAll(List.of(room.getKey(), "failure", "settings"));
      noClasses()
          .that(resideIn(List.of(room.getKey())))
          .should()
          .dependOnClassesThat(outsideOf(allowed))
          .allowEmptyShould(true)
          .because("'" + room.getKey() + "' may enter only " + new TreeSet<>(allowed))
          .check(FINCH);
    }
  }

  @Test
  void roomsFormNoCycle() {
    slices().matching("dev.finch.(*)..").should().beFreeOfCycles().check(FINCH);
  }

  @Test
  void onlyEngineAndPlatformTouchNativeCode() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.finch.engine..", "dev.finch.platform..")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(java.lang.foreign.Linker.class, java.lang.foreign.SymbolLookup.class)
        .check(FINCH);
  }

  @Test
  void onlyTheCommandLineKnowsTheTerminalAndTheLoggingBackend() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.finch.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.jline..", "picocli..", "ch.qos.logback..")
        .check(FINCH);
  }

  /** What others wrote is filtered on the way out, so there is one way out. */
  @Test
  void onlyTheFilteredStreamsAndTheLineEditorWriteToATerminal() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.finch.engine..", "dev.finch.platform..")
        .and()
        .doNotHaveFullyQualifiedName("dev.finch.cli.StandardStream")
        .and()
        .doNotHaveFullyQualifiedName("dev.finch.cli.Main") // the prompt, before anything is loaded
        .should()
        .accessField(FileDescriptor.class, "out")
        .orShould()
        .accessField(FileDescriptor.class, "err")
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(FINCH);
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.finch.cli.LineEditor")
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "write to JLine's terminal",
                call ->
                    call.getTargetOwner().isAssignableTo(Terminal.class)
                            && Set.of("writer", "output").contains(call.getName())
                        || call.getTargetOwner().isAssignableTo(LineReader.class)
                            && call.getName().equals("printAbove")
                            && !call.getTarget()
                                .getRawParameterTypes()
                                .getFirst()
                                .getSimpleName()
                                .equals("StyledText")))
        .check(FINCH);
  }

  @Test
  void onlyTheTerminalsOwnClassesHoldControlSequences() throws IOException {
    Set<String> own =
        Set.of("Control.java", "StyledText.java", "LineEditor.java", "FastTerminal.java");
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      for (Path file : files.filter(name -> name.toString().endsWith(".java")).toList()) {
        if (!own.contains(file.getFileName().toString())) {
          assertFalse(
              ESCAPE.matcher(Files.readString(file)).find(),
              file + " holds an escape: add it to Control");
        }
      }
    }
  }

  private static DescribedPredicate<JavaClass> resideIn(List<String> rooms) {
    return DescribedPredicate.describe(
        "reside in " + rooms, type -> rooms.contains(roomOf(type)) && isFinch(type));
  }

  private static DescribedPredicate<JavaClass> outsideOf(List<String> rooms) {
    return DescribedPredicate.describe(
        "reside in Finch outside of " + rooms,
        type -> isFinch(type) && !rooms.contains(roomOf(type)));
  }

  private static boolean isFinch(JavaClass type) {
    return type.getPackageName().equals("dev.finch")
        || type.getPackageName().startsWith("dev.finch.");
  }

  private static String roomOf(JavaClass type) {
    String[] parts = type.getPackageName().split("\\.", -1);
    return parts.length < 3 ? "" : parts[2];
  }
}
