package dev.finch.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.typesafe.config.ConfigFactory;
import dev.finch.claude.ClaudeClient;
import dev.finch.claude.ClaudeScript;
import dev.finch.claude.ClaudeSettings;
import dev.finch.claude.LoopbackClaude;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Cost;
import dev.finch.inference.GenerateRequest;
import dev.finch.settings.Section;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that Claude retires, from the question to the ledger. */
final class RetiringModelTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final String OLD = "claude-sonnet-4-5";
  private static final String NEW = "claude-sonnet-5-5";

  @TempDir private static Path state;

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @Test
  void isNamedAndChargedAsWhatItIsAndItsSuccessorToo() throws Exception {
    try (LoopbackClaude claude = LoopbackClaude.start()) {
      claude.answerAlways(
          (request, wire) ->
              (request.json().path("model").asText().equals(OLD)
                      ? ClaudeScript.error(404, "not_found_error", "model: " + OLD)
                      : ClaudeScript.text("Here."))
                  .play(request, wire));
      Ensemble ensemble =
          new Ensemble(KIT, state, "").claude(KIT.spawn(ClaudeClient.create(settings(claude))));
      ensemble.preparing(Samples.downloading(Samples.SMALL));
      // The first finds out that the model is gone, the second knows from the list of models.
      for (int i = 0; i < 2; i++) {
        List<AnswerEvent> events = ensemble.answer(GenerateRequest.of("hi"));
        assertEquals(NEW, Ensemble.provenance(events).model());
        Cost cost = assertInstanceOf(AnswerEvent.Finished.class, events.getLast()).cost();
        assertEquals(
            12 * 2 + 10 * completion(events),
            cost.microDollars().orElse(0),
            "$2 and $10 a million");
      }

      List<LedgerReport.Entry> entries = Ensemble.ledger(KIT, ensemble.exchanges).newest();
      assertEquals(
          List.of(NEW + " STOP", NEW + " STOP", OLD + " CLAUDE_NOT_FOUND"),
          entries.stream().map(each -> each.model() + " " + each.outcome()).toList());
      assertEquals(0, entries.getLast().microDollars());
      assertEquals(
          claude.bytesIn(), entries.stream().mapToLong(LedgerReport.Entry::bytesOut).sum());
    }
  }

  private static long completion(List<AnswerEvent> events) {
    return ((AnswerEvent.Finished) events.getLast()).usage().completionTokens();
  }

  private static ClaudeSettings settings(LoopbackClaude claude) {
    String own =
        "finch.cloud { model = " + OLD + ", lifecycle { refresh = 1h, notice = 365 days } }";
    return ClaudeSettings.from(
        Section.of(
            ConfigFactory.parseString(own)
                .withFallback(ConfigFactory.parseResources("reference.conf"))
                .resolve(),
            "finch.cloud"),
        Map.of("ANTHROPIC_API_KEY", "sk-ant-loopback", "ANTHROPIC_BASE_URL", claude.url()));
  }
}
