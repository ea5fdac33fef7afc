package dev.finch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Keeps out what makes a test fail now and then, or hides that it does. */
final class TrustTest {

  private static final JavaClasses TESTS = House.testClasses();
  private static final JavaClasses FINCH = House.classes();

  /** A server of a test that listens on a port of its own choice. */
  private static final List<Pattern> FIXED_PORTS =
      List.of(
          Pattern.compile("new ServerSocket\\([1-9]"),
          Pattern.compile(
              "(bind|create)\\(\\s*new"
                  + " InetSocketAddress\\((?:[^()]|\\([^()]*\\))*,\\s*[1-9]\\d+\\s*\\)"),
          Pattern.compile("\"--port\",\\s*\"[1-9]"),
          Pattern.compile("finch\\.http\\.port\\s*=\\s*[1-9]"));

  private static final Set<String> UNBOUNDED =
      Set.of("newCachedThreadPool", "newVirtualThreadPerTaskExecutor", "newThreadPerTaskExecutor");

  @Test
  void testsWaitForWhatTheyWaitForAndDoNotSleep() {
    noClasses().that(areTests()).should().callMethodWhere(sleeps()).check(TESTS);
  }

  @Test
  void noTestIsSwitchedOff() {
    noClasses().should().beAnnotatedWith(Disabled.class).check(TESTS);
    noMethods().should().beAnnotatedWith(Disabled.class).check(TESTS);
  }

  @Test
  void aTestThatIsRepeatedPassesEveryTime() {
    methods()
        .that()
        .areAnnotatedWith(RepeatedTest.class)
        .should()
        .beAnnotatedWith(
            DescribedPredicate.describe(
                "RepeatedTest without a failureThreshold",
                annotation ->
                    annotation
                        .get("failureThreshold")
                        .map(most -> most.equals(Integer.MAX_VALUE))
                        .orElse(true)))
        .check(TESTS);
  }

  @Test
  void noRunIsRepeatedUntilItIsGreen() throws IOException {
    List<Path> poms = new ArrayList<>(List.of(Path.of("pom.xml")));
    House.modules().forEach(module -> poms.add(Path.of("src", module, "pom.xml")));
    for (Path pom : poms) {
      for (String hiding :
          List.of("rerunFailingTestsCount", "testFailureIgnore", "maven.test.failure.ignore")) {
        assertFalse(Files.readString(pom).contains(hiding), pom + ": " + hiding);
      }
    }
  }

  @Test
  void serversOfTestsListenOnFreePorts() {
    List<Path> fixed = House.testSources().stream().filter(TrustTest::fixesAPort).toList();
    assertEquals(List.of(), fixed);
  }

  @Test
  void finchWorksOnThreadsThatItHasCounted() {
    noClasses().should().callMethodWhere(takesAnyThread()).check(FINCH);
  }

  private static boolean fixesAPort(Path source) {
    if (source.endsWith("TrustTest.java")) {
      return false;
    }
    try {
      String text = Files.readString(source);
      return FIXED_PORTS.stream().anyMatch(pattern -> pattern.matcher(text).find());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Not the servers on loopback: those play slow networks. */
  private static DescribedPredicate<JavaClass> areTests() {
    return DescribedPredicate.describe(
        "are tests", type -> type.getName().replaceFirst("\\$.*", "").matches(".*(Test|IT)"));
  }

  private static DescribedPredicate<JavaMethodCall> sleeps() {
    return DescribedPredicate.describe(
        "sleep",
        call ->
            call.getName().equals("sleep")
                && (call.getTargetOwner().isEquivalentTo(Thread.class)
                    || call.getTargetOwner().isEquivalentTo(TimeUnit.class)));
  }

  private static DescribedPredicate<JavaMethodCall> takesAnyThread() {
    return DescribedPredicate.describe(
        "take a thread of a pool without bound or of everybody's",
        call -> {
          JavaClass owner = call.getTargetOwner();
          int arguments = call.getTarget().getRawParameterTypes().size();
          return (owner.isEquivalentTo(Executors.class) && UNBOUNDED.contains(call.getName()))
              || (owner.isEquivalentTo(ForkJoinPool.class) && call.getName().equals("commonPool"))
              || (owner.isEquivalentTo(CompletableFuture.class)
                  && arguments == 1
                  && Set.of("supplyAsync", "runAsync").contains(call.getName()));
        });
  }
}
