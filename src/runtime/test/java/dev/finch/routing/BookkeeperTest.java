package dev.finch.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Cost;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.inference.Provenance;
import dev.finch.inference.RouteReason;
import dev.finch.inference.Sampling;
import dev.finch.routing.ScriptedProvider.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BookkeeperTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Failure BROKEN = Samples.failure(FailureCode.CLAUDE_STREAM_CUT);

  @TempDir private static Path states;

  /** Lives as long as the actors that write to it. */
  private final Path state = fresh();

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @Test
  void writesDownEveryRequestThatLeavesAndNothingOfWhatItSays() throws Exception {
    Ensemble ensemble = cloud("", Script.says("Paris", " it is").overTheNetwork(321));
    ensemble.answer(
        GenerateRequest.builder().id("r-1").user("capital secret?").conversationId("c-9").build());
    LedgerReport report = report(ensemble);
    LedgerReport.Entry entry = report.newest().getFirst();
    assertEquals(1, report.requests());
    assertEquals("r-1", entry.requestId());
    assertEquals("c-9", entry.conversationId());
    assertEquals(Samples.CLAUDE_MODEL, entry.model());
    assertEquals(RouteReason.MODEL_NOT_READY.name(), entry.reason());
    assertEquals(List.of(321L, 11L), List.of(entry.bytesOut(), entry.bytesIn()));
    assertEquals(List.of(7L, 2L), List.of(entry.promptTokens(), entry.completionTokens()));
    assertEquals(2, entry.microDollars());
    assertEquals("STOP", entry.outcome());
    assertFalse(entry.estimated());
    String file = Files.readString(ledgerFile());
    assertFalse(file.contains("secret") || file.contains("Paris"), file);
    assertEquals(2, file.lines().count());
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(ledgerFile())));
  }

  @Test
  void settlesACutStreamByItsEstimateAndSaysThatItIsOne() throws Exception {
    Ensemble ensemble = cloud("", Script.fails(BROKEN, "half").overTheNetwork(100));
    ensemble.answer(limited("hi", 50));
    LedgerReport.Entry entry = report(ensemble).newest().getFirst();
    assertTrue(entry.estimated());
    assertEquals(1, entry.completionTokens());
    assertEquals(FailureCode.CLAUDE_STREAM_CUT.name(), entry.outcome());
    assertTrue(entry.microDollars() >= 1, "1 × 0.50 µ$ and the prompt: " + entry);
  }

  @Test
  void chargesNothingForWhatClaudeRefused() throws Exception {
    Failure overloaded = Samples.failure(FailureCode.CLAUDE_OVERLOADED);
    Ensemble ensemble = cloud("", Script.fails(overloaded).overTheNetwork(100));
    ensemble.answer(limited("hi", 50));
    LedgerReport.Entry entry = report(ensemble).newest().getFirst();
    assertEquals(0, entry.microDollars());
    assertEquals(100, entry.bytesOut());
    assertFalse(entry.estimated());
  }

  @Test
  void accountsForAnAnswerThatItsReaderLeft() throws Exception {
    Ensemble ensemble = cloud("", Script.hangs("half"));
    var queue = ensemble.run(limited("hi", 50));
    assertInstanceOf(AnswerEvent.Started.class, Ensemble.next(queue));
    queue.cancel();
    KIT.createTestProbe()
        .awaitAssert(
            () -> {
              LedgerReport.Entry entry = report(ensemble).newest().getFirst();
              assertEquals(FailureCode.CANCELLED.name(), entry.outcome());
              assertTrue(entry.estimated());
              return true;
            });
  }

  @Test
  void settlesACancelledAnswerByThePromptAsCountedAndTheEstimateOfItsAnswer() throws Exception {
    Ensemble ensemble = cloud("", Script.hangs("half").overTheNetwork(100));
    var queue = ensemble.run(limited("hi", 50));
    assertInstanceOf(AnswerEvent.Started.class, Ensemble.next(queue));
    queue.cancel();
    KIT.createTestProbe()
        .awaitAssert(
            () -> {
              LedgerReport.Entry entry = report(ensemble).newest().getFirst();
              assertEquals(FailureCode.CANCELLED.name(), entry.outcome());
              assertTrue(entry.estimated());
              assertEquals(
                  List.of(7L, 1L), List.of(entry.promptTokens(), entry.completionTokens()));
              assertEquals(List.of(100L, 11L), List.of(entry.bytesOut(), entry.bytesIn()));
              assertEquals(2, entry.microDollars(), "7 × 0.10 + 1 × 0.50 µ$, rounded up");
              return true;
            });
  }

  @Test
  void namesReservesAndChargesTheModelThatIsReallyAsked() throws Exception {
    String other = "claude-sonnet-5-5";
    Ensemble ensemble = cloud("", Script.says("a", "b").overTheNetwork(100).by(other));
    List<AnswerEvent> events = ensemble.answer(limited("hi", 50));
    AnswerEvent.Finished end = assertInstanceOf(AnswerEvent.Finished.class, events.getLast());
    assertEquals(Cost.of(34, false), end.cost(), "7 × 2 + 2 × 10 µ$");
    LedgerReport.Entry entry = report(ensemble).newest().getFirst();
    assertEquals(other, entry.model());
    assertEquals(34, entry.microDollars());
    String opened = Files.readAllLines(ledgerFile()).getFirst();
    assertTrue(opened.contains("\"model\":\"" + other + "\""), opened);
    assertTrue(opened.contains("\"most_micro_dollars\":800"), opened + " of 120 × 2.5 + 50 × 10");
  }

  @Test
  void sendsNothingThatTheBudgetCouldNotBear() throws Exception {
    Ensemble ensemble = cloud("finch.cloud.budget.tokens-per-day = 500", Script.says("a"));
    List<AnswerEvent> small = ensemble.answer(limited("hi", 100));
    assertEquals("a", Ensemble.text(small));
    List<AnswerEvent> large = ensemble.answer(limited("hi", 500));
    assertEquals(FailureCode.BUDGET_SPENT, Ensemble.failure(large.getLast()));
    assertEquals(1, ensemble.claudeHeard.sent().size());
    assertEquals(1, report(ensemble).requests());
  }

  @Test
  void answersLocallyWhenTheBudgetIsSpent() throws Exception {
    Ensemble ensemble =
        cloud(
            "finch.cloud.budget.dollars-per-month = 0, finch.routing.policy = cloud-first",
            Script.says("cloud"));
    ensemble.local(_ -> Script.says("local"));
    List<AnswerEvent> events = ensemble.answer(GenerateRequest.of("hi"));
    assertEquals("local", Ensemble.text(events));
    assertEquals(RouteReason.BUDGET_SPENT, Ensemble.provenance(events).reason());
    assertEquals(Provenance.Provider.LOCAL, Ensemble.provenance(events).provider());
    assertFalse(Files.exists(ledgerFile()) && Files.size(ledgerFile()) > 0);
  }

  @Test
  void refusesAModelWhosePriceIsUnknownUnderABudgetInDollars() throws Exception {
    Ensemble ensemble = cloud("finch.cloud.budget.dollars-per-day = 5", Script.says("a"));
    List<AnswerEvent> events =
        ensemble.answer(
            GenerateRequest.builder()
                .user("hi")
                .privacy(Privacy.CLOUD_ONLY)
                .cloudModel("claude-next")
                .build());
    Failure failure = assertInstanceOf(AnswerEvent.Failed.class, events.getLast()).failure();
    assertEquals(FailureCode.BUDGET_SPENT, failure.code());
    assertTrue(failure.describe().contains("finch.cloud.prices.\"claude-next\""));
  }

  @Test
  void keepsTheBudgetExactlyUnderConcurrency() throws Exception {
    // Each answer reserves the same bound, so that exactly ten can be reserved at once.
    long bound = new UsageBound(80, 100, 100, false).tokens(); // as the scripted Claude quotes it
    Ensemble ensemble =
        cloud("finch.cloud.budget.tokens-per-day = " + 10 * bound, Script.hangs("x"));
    List<java.util.concurrent.CompletionStage<AnswerEvent>> firsts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      firsts.add(
          Exchanges.stream(ensemble.exchanges, limited("hi", 100))
              .runWith(Sink.head(), KIT.system()));
    }
    int answered = 0;
    for (var first : firsts) {
      AnswerEvent event = first.toCompletableFuture().get(20, TimeUnit.SECONDS);
      answered += event instanceof AnswerEvent.Started ? 1 : 0;
    }
    assertTrue(answered >= 10, "answered " + answered);
    assertEquals(ensemble.claudeHeard.sent().size(), answered);
    assertTrue(report(ensemble).promptTokens() + report(ensemble).completionTokens() <= 10 * bound);
  }

  @Test
  void remembersTheBudgetAcrossARestartAndATornLine() throws Exception {
    String caps = "finch.cloud.budget.tokens-per-day = 420";
    cloud(caps, Script.fails(BROKEN, "x")).answer(limited("hi", 200));
    Files.writeString(
        ledgerFile(), "{\"event\":\"opened\",\"entry\":\"to", StandardOpenOption.APPEND);
    Ensemble again = cloud(caps, Script.says("a"));
    assertEquals(
        FailureCode.BUDGET_SPENT, Ensemble.failure(again.answer(limited("hi", 200)).getLast()));
    assertEquals("a", Ensemble.text(again.answer(limited("hi", 20))));
    assertEquals(2, report(again).requests());
  }

  @Test
  void survivesARotationOfItsFile() throws Exception {
    Ensemble ensemble = cloud("finch.cloud.budget.tokens-per-day = 400", Script.fails(BROKEN, "x"));
    ensemble.answer(limited("hi", 200));
    Files.move(ledgerFile(), state.resolve("ledger.jsonl.1"));
    assertEquals(
        FailureCode.BUDGET_SPENT, Ensemble.failure(ensemble.answer(limited("hi", 200)).getLast()));
    assertEquals(1, report(ensemble).requests());
  }

  @Test
  void setsThePastMonthAsideAndStartsTheNewOneAtZero() throws Exception {
    String caps = "finch.cloud.budget.tokens-per-month = 400";
    Files.writeString(
        ledgerFile(),
        new LedgerLine.Opened(
                    new LedgerLine.Subject(
                        "e", Instant.parse("2020-01-31T23:59:59Z"), "old", null, "m", "X"),
                    400,
                    0)
                .toJson()
            + "\n");
    Files.setLastModifiedTime(ledgerFile(), FileTime.from(Instant.parse("2020-01-31T23:59:59Z")));
    Ensemble ensemble = cloud(caps, Script.says("a"));
    assertEquals("a", Ensemble.text(ensemble.answer(limited("hi", 200))));
    assertTrue(Files.exists(state.resolve("ledger-2020-01.jsonl")));
    assertEquals(2, report(ensemble).requests());
  }

  @Test
  void sendsNothingThatCannotBeWrittenDown() throws Exception {
    Files.createDirectory(ledgerFile());
    Ensemble ensemble = cloud("", Script.says("a"));
    Failure failure =
        assertInstanceOf(
                AnswerEvent.Failed.class,
                ensemble
                    .answer(
                        GenerateRequest.builder().user("hi").privacy(Privacy.CLOUD_ONLY).build())
                    .getLast())
            .failure();
    assertTrue(failure.message().startsWith("Nothing was sent to Claude"), failure.message());
    assertEquals(List.of(), ensemble.claudeHeard.sent());
  }

  @Test
  void reportsWhatLocalAnswersSaved() throws Exception {
    Ensemble ensemble = cloud("", Script.says("cloud")).local(_ -> Script.says("a", "b"));
    ensemble.answer(GenerateRequest.of("hi"));
    ensemble.answer(GenerateRequest.of("hi"));
    LedgerReport report = report(ensemble);
    assertEquals(
        List.of(0L, 2L, 4L),
        List.of(report.requests(), report.localAnswers(), report.savedMicroDollars()));
  }

  @Test
  void keepsItsFilesToItself() throws Exception {
    Path deep = state.resolve("a/b");
    Ensemble ensemble = new Ensemble(KIT, deep, "").claude(_ -> Script.says("a"));
    ensemble.preparing(Samples.downloading(Samples.SMALL));
    ensemble.answer(GenerateRequest.of("hi"));
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(deep)));
  }

  private Ensemble cloud(String settings, Script script) {
    return new Ensemble(KIT, state, settings)
        .claude(_ -> script)
        .preparing(Samples.downloading(Samples.SMALL));
  }

  private Path ledgerFile() {
    return state.resolve("ledger.jsonl");
  }

  private static GenerateRequest limited(String text, int maxTokens) {
    return GenerateRequest.builder()
        .user(text)
        .sampling(Sampling.builder().maxTokens(maxTokens).build())
        .build();
  }

  private static LedgerReport report(Ensemble ensemble) {
    return Ensemble.ledger(KIT, ensemble.exchanges);
  }

  private static Path fresh() {
    try {
      return Files.createTempDirectory(states, "state");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
