package dev.finch.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.inference.Provenance;
import dev.finch.inference.RouteReason;
import dev.finch.provider.Inference;
import dev.finch.routing.ScriptedProvider.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Answers that are compared with the other leg's. */
final class ShadowTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final String ON = "finch.routing.shadow.enabled = on\n";

  @TempDir private static Path states;

  private final Path state = fresh();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @BeforeEach
  void listen() {
    log.start();
    logger().setLevel(Level.INFO);
    logger().addAppender(log);
  }

  @AfterEach
  void stopListening() {
    logger().detachAppender(log);
  }

  @Test
  void logsHowFarTheOtherLegAgreesAndNothingOfWhatIsSaid() throws Exception {
    Ensemble ensemble = ensemble(ON, Script.says("Paris", " indeed").overTheNetwork(100));
    ensemble.local(_ -> Script.says("paris", " INDEED"));
    List<AnswerEvent> events = ensemble.answer(hi("s-1"));

    assertEquals("paris INDEED", Ensemble.text(events));
    assertEquals(Provenance.Provider.LOCAL, Ensemble.provenance(events).provider());
    String line = await(() -> lines().getFirst());
    assertTrue(line.startsWith("Compared s-1: answered by LOCAL"), line);
    assertTrue(line.endsWith("likeness 1.00, same end, same tools"), line);
    assertFalse(line.toLowerCase(java.util.Locale.ROOT).contains("paris"), line);

    LedgerReport.Entry entry = report(ensemble).newest().getFirst();
    assertEquals("s-1~shadow", entry.requestId());
    assertEquals(RouteReason.SHADOW.name(), entry.reason());
    RoutingStatus status = status(ensemble);
    assertEquals(1L, status.requestsByReason().get("local/MODEL_READY"));
    assertEquals(1L, status.requestsByReason().get("shadow/claude"));
    assertEquals(2, status.requestsByReason().size(), status.toString());
  }

  @Test
  void asksTheLocalModelBesideClaude() throws Exception {
    Ensemble ensemble = ensemble(ON + "finch.routing.policy = cloud-first", Script.says("Paris"));
    ensemble.local(_ -> Script.says("Rome"));
    assertEquals("Paris", Ensemble.text(ensemble.answer(hi("s-2"))));
    String line = await(() -> lines().getFirst());
    assertTrue(line.contains("answered by CLAUDE") && line.contains("likeness 0.00"), line);
    assertEquals(0, report(ensemble).localAnswers(), "a comparison saves nothing");
  }

  @Test
  void neverComparesWhatMayNotLeaveOrWasMeantForClaude() throws Exception {
    Ensemble ensemble = ensemble(ON, Script.says("x"));
    ensemble.local(_ -> Script.says("x"));
    ensemble.answer(
        GenerateRequest.builder().id("only").user("hi").privacy(Privacy.LOCAL_ONLY).build());
    ensemble.answer(
        GenerateRequest.builder()
            .id("turn")
            .messages(
                List.of(
                    ChatMessage.user("secret").withPrivacy(Privacy.LOCAL_ONLY),
                    ChatMessage.user("hi")))
            .build());
    ensemble.answer(
        GenerateRequest.builder().id("cloud").user("hi").privacy(Privacy.CLOUD_ONLY).build());
    ensemble.answer(hi("open"));
    await(() -> lines().getFirst());
    assertEquals(
        List.of("cloud", "open~shadow"),
        ensemble.claudeHeard.generates().stream().map(each -> each.request().id()).toList());
    assertEquals(
        List.of("only", "turn", "open"),
        ensemble.localHeard.generates().stream().map(each -> each.request().id()).toList());
  }

  @Test
  void neverGoesToTheCloudUnderALocalPolicy() throws Exception {
    Ensemble ensemble = ensemble(ON + "finch.routing.policy = local-only", Script.says("x"));
    ensemble.local(_ -> Script.says("x"));
    ensemble.answer(hi("s-3"));
    await(() -> status(ensemble).requestsByReason().get("shadow/BUSY"));
    assertEquals(List.of(), ensemble.claudeHeard.generates());
  }

  @Test
  void neverDelaysTheAnswerAndIsBounded() throws Exception {
    Ensemble ensemble =
        ensemble(ON + "finch.routing.shadow.at-once = 1", Script.hangs("x").overTheNetwork(9));
    ensemble.local(_ -> Script.says("whole"));
    assertEquals("whole", Ensemble.text(ensemble.answer(hi("first"))));
    await(() -> ensemble.claudeHeard.sent().getFirst());
    assertEquals("whole", Ensemble.text(ensemble.answer(hi("second"))));
    assertEquals(1, ensemble.claudeHeard.generates().size(), "one comparison at once");
  }

  @Test
  void givesUpAnOtherAnswerThatTakesTooLong() throws Exception {
    Ensemble ensemble =
        ensemble(ON + "finch.routing.shadow.time = 50ms", Script.hangs("x").overTheNetwork(9));
    ensemble.local(_ -> Script.says("whole"));
    ensemble.answer(hi("s-4"));
    await(() -> ensemble.claudeHeard.of(Inference.Cancel.class).getFirst());
    assertEquals(List.of(), lines());
  }

  @Test
  void stopsWithTheAnswerThatItIsComparedWith() throws Exception {
    Ensemble ensemble = ensemble(ON, Script.hangs("x").overTheNetwork(9));
    ensemble.local(_ -> Script.hangs("half"));
    SinkQueueWithCancel<AnswerEvent> queue = ensemble.run(hi("s-5"));
    Ensemble.next(queue);
    await(() -> ensemble.claudeHeard.sent().getFirst());
    queue.cancel();
    await(() -> ensemble.claudeHeard.of(Inference.Cancel.class).getFirst());
  }

  @Test
  void obeysTheBudget() throws Exception {
    Ensemble ensemble = ensemble(ON + "finch.cloud.budget.tokens-per-day = 10", Script.says("x"));
    ensemble.local(_ -> Script.says("whole"));
    assertEquals("whole", Ensemble.text(ensemble.answer(hi("s-6"))));
    await(() -> status(ensemble).requestsByReason().get("shadow/BUSY"));
    assertEquals(List.of(), ensemble.claudeHeard.sent());
    assertEquals(0, report(ensemble).requests());
  }

  @Test
  void makesWayForAPromptThatNeedsTheLocalModel() throws Exception {
    Ensemble ensemble = ensemble(ON + "finch.routing.policy = cloud-first", Script.says("cloud"));
    ActorRef<Inference.Command> local =
        ensemble.spawnLocal(
            each -> each.reason() == RouteReason.SHADOW ? Script.hangs("x") : Script.says("local"));
    ensemble.ready(local, 1, 0);
    ensemble.answer(hi("s-7"));
    await(() -> ensemble.localHeard.generates().getFirst());
    GenerateRequest mine = GenerateRequest.builder().user("hi").privacy(Privacy.LOCAL_ONLY).build();
    assertEquals("local", Ensemble.text(ensemble.answer(mine)));
    await(() -> ensemble.localHeard.of(Inference.Cancel.class).getFirst());
    assertEquals(List.of(), lines());
  }

  @Test
  void comparesTheConfiguredShareAndNothingUnlessAskedTo() throws Exception {
    for (String settings : List.of("", ON + "finch.routing.shadow.share = 0")) {
      Ensemble ensemble = ensemble(settings, Script.says("x"));
      ensemble.local(_ -> Script.says("x"));
      for (int i = 0; i < 10; i++) {
        ensemble.answer(hi("n-" + i));
      }
      assertEquals(List.of(), ensemble.claudeHeard.generates());
    }
    ShadowSettings half = Samples.settings(ON + "finch.routing.shadow.share = 0.5").shadow();
    long covered =
        java.util.stream.IntStream.range(0, 1000)
            .filter(_ -> half.covers(GenerateRequest.of("hi"), 0))
            .count();
    assertTrue(covered > 400 && covered < 600, "covered " + covered);
  }

  private Ensemble ensemble(String settings, Script claude) {
    return new Ensemble(KIT, state, settings).claude(_ -> claude);
  }

  private static GenerateRequest hi(String id) {
    return GenerateRequest.builder().id(id).user("hi").build();
  }

  private List<String> lines() {
    return List.copyOf(log.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private static <T> T await(Supplier<T> supplier) {
    return KIT.createTestProbe()
        .awaitAssert(
            () -> {
              try {
                return java.util.Objects.requireNonNull(supplier.get());
              } catch (RuntimeException e) {
                throw new AssertionError("not yet", e);
              }
            });
  }

  private static RoutingStatus status(Ensemble ensemble) {
    TestProbe<RoutingStatus> probe = KIT.createTestProbe();
    ensemble.exchanges.tell(new Exchanges.Status(probe.ref()));
    return probe.receiveMessage();
  }

  private static LedgerReport report(Ensemble ensemble) {
    return Ensemble.ledger(KIT, ensemble.exchanges);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(Shadow.class);
  }

  private static Path fresh() {
    try {
      return Files.createTempDirectory(states, "state");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
