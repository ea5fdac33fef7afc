package dev.finch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jline.reader.LineReader;
import org.jline.terminal.Terminal;
import org.junit.jupiter.api.Test;

/** Holds the code to the room table of CONTRIBUTING.md. */
final class RoomsTest {

  private static final JavaClasses FINCH = House.classes();

  private static final JavaClasses COMMAND_LINE = FINCH.that(resideInAnyPackage("dev.finch.cli.."));

  private static final String[] API = {
    "dev.finch", "dev.finch.failure", "dev.finch.model", "dev.finch.inference"
  };

  private static final Pattern LINE =
      Pattern.compile("(?m)^\\| (?:`|(?=\\())([()a-z]+)`? \\|[^|]+\\| ([^|.]+) \\|$");
  private static final Pattern STOREY =
      Pattern.compile("(?m)^\\| `(cli(?:\\.[a-z]+)?)` \\|[^|]+\\| (cli\\.[^|]+|–) \\|$");
  private static final Pattern MODULE =
      Pattern.compile("(?m)^\\| `src/([a-z]+)` \\|[^|]+\\| the rooms? ([^|.]+)");
  private static final Pattern ROOM = Pattern.compile("`?(\\(root\\)|(?<=`)[a-z]+)`?");
  private static final Pattern ESCAPE = Pattern.compile("\\\\u001b|\\\\033|\\\\u009b");

  /** Room to the rooms that it may enter, as CONTRIBUTING's table has them. */
  private static final Map<String, Set<String>> MAY_ENTER = table(LINE);

  /** The same of the packages of the command line, from top to bottom. */
  private static final Map<String, Set<String>> STOREYS = table(STOREY);

  @Test
  void everyClassStandsInARoomOfTheTable() {
    assertEquals(
        MAY_ENTER.keySet(),
        FINCH.stream().map(RoomsTest::roomOf).collect(Collectors.toCollection(TreeSet::new)));
  }

  /** The lines {@code | `src/MODULE` | artifact | the room `ROOM` … |} of CONTRIBUTING.md. */
  @Test
  void aRoomStandsInTheModuleThatTheTableSays() throws IOException {
    Map<String, String> modules = new TreeMap<>();
    MODULE
        .matcher(Files.readString(Path.of("CONTRIBUTING.md")))
        .results()
        .forEach(
            line ->
                ROOM.matcher(line.group(2))
                    .results()
                    .forEach(room -> modules.put(room.group(1), line.group(1))));
    assertEquals(Set.of("api", "wire", "client", "server", "cli"), Set.copyOf(modules.values()));
    for (String module : House.modulesThatRun()) {
      for (JavaClass type : House.classes(module)) {
        assertEquals(modules.getOrDefault(roomOf(type), "runtime"), module, type.getName());
      }
    }
  }

  @Test
  void everyRoomEntersWhatTheTableSaysAndNothingElse() {
    assertEntered(MAY_ENTER, FINCH, RoomsTest::roomOf);
  }

  @Test
  void everyClassOfTheCommandLineStandsInAStoreyOfTheTable() {
    assertEquals(
        STOREYS.keySet(),
        COMMAND_LINE.stream()
            .map(RoomsTest::storeyOf)
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void everyStoreyOfTheCommandLineEntersWhatTheTableSaysAndNothingElse() {
    assertEntered(STOREYS, COMMAND_LINE, RoomsTest::storeyOf);
  }

  /** So there is no cycle, and whoever adds a line has to say where it stands. */
  @Test
  void everyStoreyOfTheCommandLineEntersThoseBelowItOnly() {
    List<String> order = List.copyOf(STOREYS.keySet());
    assertFalse(order.isEmpty());
    STOREYS.forEach(
        (storey, entered) ->
            assertTrue(
                order.subList(order.indexOf(storey) + 1, order.size()).containsAll(entered),
                storey + " stands below one of " + entered));
  }

  @Test
  void roomsFormNoCycle() {
    slices().matching("dev.finch.(*)..").should().beFreeOfCycles().check(FINCH);
  }

  /**
   * Whoever compiles against the API gets what it says, and nothing on the class path beside it.
   */
  @Test
  void theApiNeedsTheJdkAndJspecifyOnly() {
    classes()
        .that()
        .resideInAnyPackage(API)
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(API)
                .or(resideInAnyPackage("java..", "org.jspecify.annotations"))
                .or(
                    DescribedPredicate.describe(
                        "are primitive",
                        type ->
                            type.getBaseComponentType().isPrimitive()
                                || isApi(type.getBaseComponentType()))))
        .check(FINCH);
  }

  private static boolean isApi(JavaClass type) {
    return type.getPackageName().startsWith("java.")
        || List.of(API).contains(type.getPackageName());
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
        .doNotHaveFullyQualifiedName("dev.finch.cli.terminal.StandardStream")
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
        .doNotHaveFullyQualifiedName("dev.finch.cli.terminal.LineEditor")
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
    for (Path file : House.sources()) {
      if (!own.contains(file.getFileName().toString())) {
        assertFalse(
            ESCAPE.matcher(Files.readString(file)).find(),
            file + " holds an escape: add it to Control");
      }
    }
  }

  /** The lines {@code | `room` | what it holds | rooms |} of CONTRIBUTING.md, in their order. */
  private static Map<String, Set<String>> table(Pattern pattern) {
    Map<String, Set<String>> table = new LinkedHashMap<>();
    try {
      pattern
          .matcher(Files.readString(Path.of("CONTRIBUTING.md")))
          .results()
          .forEach(
              line ->
                  table.put(
                      line.group(1),
                      line.group(2).equals("–")
                          ? Set.of()
                          : new TreeSet<>(List.of(line.group(2).split(", ", -1)))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return table;
  }

  /** That what these classes use of each other, place by place, is what the table says. */
  private static void assertEntered(
      Map<String, Set<String>> table, JavaClasses among, Function<JavaClass, String> place) {
    Map<String, Set<String>> entered = new TreeMap<>();
    among.stream()
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .filter(use -> among.contain(use.getTargetClass().getBaseComponentType().getName()))
        .forEach(
            use ->
                entered
                    .computeIfAbsent(place.apply(use.getOriginClass()), from -> new TreeSet<>())
                    .add(place.apply(use.getTargetClass().getBaseComponentType())));
    table.forEach(
        (from, allowed) -> {
          Set<String> actual = new TreeSet<>(entered.getOrDefault(from, Set.of()));
          actual.remove(from);
          assertEquals(allowed, actual, "CONTRIBUTING's line of " + from);
        });
  }

  private static String roomOf(JavaClass type) {
    String[] parts = type.getPackageName().split("\\.", -1);
    return parts.length < 3 ? "(root)" : parts[2];
  }

  private static String storeyOf(JavaClass type) {
    return type.getPackageName().substring("dev.finch.".length());
  }
}
