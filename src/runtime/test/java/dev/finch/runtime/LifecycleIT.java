package dev.finch.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.finch.claude.ClaudeScript;
import dev.finch.claude.LoopbackClaude;
import dev.finch.claude.Transcripts;
import dev.finch.download.Fault;
import dev.finch.download.LoopbackHub;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.Answer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.inference.Provenance.Provider;
import dev.finch.inference.RouteReason;
import dev.finch.inference.Sampling;
import dev.finch.inference.WhenNotReady;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import dev.finch.streams.FinchSources;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a runtime as a person sees it, on loopback servers that speak the real protocols. */
final class LifecycleIT {

  private static final String REPOSITORY = "acme/tiny-GGUF";
  private static final ActorTestKit KIT = ActorTestKit.create("reader");

  @TempDir Path directory;

  private final LoopbackHub hub = LoopbackHub.start();
  private final LoopbackClaude claude = LoopbackClaude.start();

  @BeforeEach
  void serveTheModel() throws IOException {
    Path file = directory.resolve("tiny-q8_0.gguf");
    try (InputStream model =
        LifecycleIT.class.getResourceAsStream("/dev/finch/models/tiny-chat-q8_0.gguf")) {
      Files.copy(model, file);
    }
    hub.serve(REPOSITORY, "tiny-q8_0.gguf", file);
    claude.answerAlways(ClaudeScript.text("Hello Anna, this is Claude."));
  }

  @AfterEach
  void stopServers() {
    hub.close();
    claude.close();
  }

  @AfterAll
  static void stopReader() {
    KIT.shutdownTestKit();
  }

  @Test
  void claudeAnswersUntilTheModelIsReadyThenTheSameConversationGoesOnLocally() {
    hub.slowNetwork(Duration.ZERO, 150_000);
    try (LocalFinch finch = LocalFinch.start(config(Map.of()))) {
      List<RuntimeState> seen = new CopyOnWriteArrayList<>();
      FinchSources.states(finch).runWith(Sink.foreach(seen::add), KIT.system());
      await(finch, state -> committedBytes(state) > 0);

      List<ChatMessage> conversation = new ArrayList<>();
      conversation.add(ChatMessage.user("My name is Anna."));
      Answer first = get(finch.askAsync(greedy(conversation)));
      assertEquals(Provider.CLAUDE, first.provenance().provider());
      assertEquals(RouteReason.MODEL_NOT_READY, first.provenance().reason());
      assertEquals("Hello Anna, this is Claude.", first.text());
      assertTrue(first.cost().microDollars().orElse(0) > 0, "what Claude answered has a price");

      hub.slowNetwork(Duration.ZERO, 0);
      await(finch, state -> state.ready().isPresent());
      conversation.add(ChatMessage.assistant(first.text()));
      conversation.add(ChatMessage.user("What is my name?"));
      Answer second = get(finch.askAsync(greedy(conversation)));

      assertEquals(Provider.LOCAL, second.provenance().provider());
      assertEquals(RouteReason.MODEL_READY, second.provenance().reason());
      assertTrue(second.text().contains("Anna"), second.text());
      assertEquals(1, claude.messages().size());
      assertEquals(1, get(finch.ledgerAsync()).requests());
      assertProgressNeverGoesBack(seen);
    }
  }

  @Test
  void aPromptThatWaitsIsAnsweredLocallyOnReady() {
    hub.slowNetwork(Duration.ZERO, 400_000);
    try (LocalFinch finch = LocalFinch.start(config(Map.of()))) {
      GenerateRequest waiting =
          capital().toBuilder().id("waiting").whenNotReady(WhenNotReady.WAIT).build();
      List<AnswerEvent> events =
          get(FinchSources.stream(finch, waiting).runWith(Sink.seq(), KIT.system()));

      assertInstanceOf(AnswerEvent.Queued.class, events.getFirst());
      assertInstanceOf(AnswerEvent.Finished.class, events.getLast());
      assertEquals(0, claude.messages().size());
    }
  }

  @Test
  void aDownloadThatFailedGoesOnByItselfWhenTheNetworkIsBack() {
    hub.cdnAlways(Fault.of(Fault.Kind.SLOW, 300_000));
    Map<String, Object> quick =
        Map.of(
            "finch.supervisor.retry.shortest", "300ms",
            "finch.supervisor.retry.longest", "300ms",
            "finch.download.retries", 1,
            "finch.download.backoff.min", "5ms",
            "finch.download.backoff.max", "5ms");
    try (LocalFinch finch = LocalFinch.start(config(quick))) {
      await(finch, state -> committedBytes(state) > 0);
      hub.cdnAlways(Fault.of(Fault.Kind.RST, 0)).cutAll();
      await(finch, state -> state.preparing().orElse(null) instanceof ModelState.NotAvailable);

      hub.cdnAlways(Fault.NONE);

      await(finch, state -> state.ready().isPresent());
      assertTrue(hub.requests().stream().anyMatch(request -> request.status() == 206), "resumed");
    }
  }

  @Test
  void aModelIsNotRemovedWhileItServesUnderAnotherName() {
    try (LocalFinch finch = LocalFinch.start(config(Map.of()))) {
      await(finch, state -> state.ready().isPresent());
      ModelReference same = ModelReference.parse("hf:" + REPOSITORY + "@" + hub.commit(REPOSITORY));

      var refused = assertThrows(CompletionException.class, () -> get(finch.removeAsync(same)));

      assertEquals(FailureCode.MODEL_IN_USE, codeOf(refused));
      assertTrue(get(finch.isCachedAsync(same)));
    }
  }

  @Test
  void aLocalOnlyPromptNeverReachesClaude() {
    try (LocalFinch finch =
        LocalFinch.start(config(Map.of("finch.supervisor.prepare", "cached")))) {
      await(finch, state -> state.preparing().orElse(null) instanceof ModelState.NotAvailable);

      GenerateRequest secret = capital().toBuilder().privacy(Privacy.LOCAL_ONLY).build();
      var refused = assertThrows(CompletionException.class, () -> get(finch.askAsync(secret)));

      assertTrue(codeOf(refused) != FailureCode.INTERNAL, () -> "code " + codeOf(refused));
      assertEquals(0, claude.requests().size());
    }
  }

  @Test
  void aClaudeThatDiesInMidAnswerIsAFailureAndNoShortSuccess() {
    CountDownLatch begun = new CountDownLatch(0);
    claude.answerAlways(
        ClaudeScript.resetAfter(
            begun,
            Transcripts.messageStart("claude-haiku-5-5", 5),
            Transcripts.textStart(0),
            Transcripts.textDelta(0, "The capital of")));
    try (LocalFinch finch = LocalFinch.start(config(Map.of("finch.supervisor.prepare", "none")))) {
      List<AnswerEvent> events =
          get(FinchSources.stream(finch, capital()).runWith(Sink.seq(), KIT.system()));

      assertInstanceOf(AnswerEvent.Failed.class, events.getLast());
      assertEquals(1, events.stream().filter(AnswerEvent.Terminal.class::isInstance).count());
    }
  }

  @Test
  void withoutKeyAndModelTheRefusalNamesTheWaysOut() {
    Map<String, Object> offline =
        Map.of("finch.cloud.enabled", "off", "finch.download.offline", "on");
    try (LocalFinch finch = LocalFinch.start(config(offline))) {
      await(finch, state -> state.preparing().orElse(null) instanceof ModelState.NotAvailable);
      var refused = assertThrows(CompletionException.class, () -> get(finch.askAsync(capital())));

      assertEquals(FailureCode.NOTHING_CAN_ANSWER, codeOf(refused));
      assertEquals(0, hub.requests().size());
    }
  }

  @Test
  void aSecondRunOnACachedModelAsksNoNetworkForItsBytes() {
    ModelReference reference = ModelReference.parse("hf:" + REPOSITORY);
    try (LocalFinch finch = LocalFinch.start(config(Map.of()))) {
      assertFalse(get(finch.isCachedAsync(reference)));
      await(finch, state -> state.ready().isPresent());
      assertTrue(get(finch.isCachedAsync(reference)));
    }
    hub.forget();
    try (LocalFinch finch = LocalFinch.start(config(Map.of()))) {
      await(finch, state -> state.ready().isPresent());
      assertEquals(0, hub.bodyBytes());
    }
  }

  @Test
  void swappingModelsLosesNoPrompt() {
    Map<String, Object> localOnly = Map.of("finch.model", "builtin", "finch.cloud.enabled", "off");
    try (LocalFinch finch = LocalFinch.start(config(localOnly))) {
      await(finch, state -> state.ready().isPresent());
      List<CompletionStage<Answer>> answers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        answers.add(finch.askAsync(capital().toBuilder().id("before-" + i).build()));
      }
      RuntimeState after = get(finch.loadAsync(ModelReference.parse("random:small@7")));
      for (int i = 0; i < 20; i++) {
        answers.add(finch.askAsync(capital().toBuilder().id("after-" + i).build()));
      }

      assertEquals("random:small@7", String.valueOf(after.ready().orElse(null).reference()));
      for (var answer : answers) {
        assertEquals(Provider.LOCAL, get(answer).provenance().provider());
      }
    }
  }

  @Test
  void anUnloadedModelComesBackOnDemand() {
    try (LocalFinch finch = LocalFinch.start(config(Map.of("finch.model", "builtin")))) {
      await(finch, state -> state.ready().isPresent());
      RuntimeState unloaded = get(finch.unloadAsync());
      assertInstanceOf(ModelState.Idle.class, unloaded.serving().orElse(null));

      GenerateRequest patient =
          capital().toBuilder()
              .whenNotReady(WhenNotReady.WAIT)
              .privacy(Privacy.LOCAL_ONLY)
              .model(ModelReference.BUILT_IN)
              .build();
      assertEquals("The capital of France is Paris.", get(finch.askAsync(patient)).text());
    }
  }

  private static long committedBytes(RuntimeState state) {
    return state.preparing().orElse(null) instanceof ModelState.Downloading(_, var progress)
        ? progress.committedBytes()
        : 0;
  }

  private static void assertProgressNeverGoesBack(List<RuntimeState> seen) {
    long before = 0;
    for (RuntimeState state : seen) {
      if (state.preparing().orElse(null) instanceof ModelState.Downloading(_, var progress)) {
        assertTrue(progress.committedBytes() >= before, seen::toString);
        before = progress.committedBytes();
      }
    }
    assertTrue(before > 0, seen::toString);
  }

  private static GenerateRequest capital() {
    return greedy(List.of(ChatMessage.user("What is the capital of France?")));
  }

  private static GenerateRequest greedy(List<ChatMessage> conversation) {
    return GenerateRequest.builder()
        .messages(conversation)
        .sampling(Sampling.builder().temperature(0.0).maxTokens(40).build())
        .build();
  }

  private Config config(Map<String, Object> changes) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("finch.model", "hf:" + REPOSITORY);
    settings.put("finch.download.endpoint", hub.endpoint());
    settings.put("finch.download.cache", directory.resolve("hub").toString());
    settings.put("finch.cloud.endpoint", claude.url());
    settings.put("finch.cloud.api-key", "sk-ant-test");
    settings.put("finch.directories.state", directory.resolve("state").toString());
    settings.put("finch.directories.cache", directory.resolve("cache").toString());
    settings.putAll(changes);
    return ConfigFactory.parseMap(settings);
  }

  private static void await(LocalFinch finch, Predicate<RuntimeState> condition) {
    get(FinchSources.states(finch).filter(condition::test).runWith(Sink.head(), KIT.system()));
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(90, TimeUnit.SECONDS).join();
  }

  private static FailureCode codeOf(CompletionException exception) {
    return ((FinchException) exception.getCause()).failure().code();
  }
}
