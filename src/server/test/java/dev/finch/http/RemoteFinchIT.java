package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.model.DownloadProgress;
import dev.finch.model.ModelReference;
import dev.finch.remote.RemoteFinch;
import dev.finch.streams.FinchSources;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RemoteFinchIT {

  private static final Server SERVER =
      Server.start("finch.http.api-keys = [\"admin:me=secret-key\", \"you=other-key\"]");
  private static final RemoteFinch REMOTE =
      RemoteFinch.connect(URI.create(SERVER.frontEnd.url()), "secret-key");

  @AfterAll
  static void stop() {
    REMOTE.close();
    SERVER.close();
  }

  @BeforeEach
  void reset() {
    SERVER.finch.requests.clear();
    SERVER.finch.script(_ -> ScriptedFinch.says("Hello, ", "world."));
  }

  @Test
  void passesRequestsAndEventsThroughUnchanged() throws Exception {
    GenerateRequest request =
        GenerateRequest.builder().user("hi").privacy(Privacy.LOCAL_ONLY).build();
    List<AnswerEvent> events =
        FinchSources.stream(REMOTE, request)
            .runWith(Sink.seq(), SERVER.kit.system())
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    List<AnswerEvent> there =
        ScriptedFinch.says("Hello, ", "world.")
            .runWith(Sink.seq(), SERVER.kit.system())
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);

    assertEquals(there, events);
    GenerateRequest arrived = SERVER.finch.requests.getFirst();
    assertEquals(request, arrived.toBuilder().id(request.id()).build());
    assertEquals("Hello, world.", REMOTE.askAsync(request).toCompletableFuture().join().text());
  }

  @Test
  void endsAFailedAnswerWithItsFailure() {
    Failure cut = Failure.passing(FailureCode.CLAUDE_STREAM_CUT, "It broke.", "Again.");
    SERVER.finch.script(_ -> ScriptedFinch.fails(cut, "Hel"));
    AnswerEvent last =
        FinchSources.stream(REMOTE, GenerateRequest.of("hi"))
            .runWith(Sink.last(), SERVER.kit.system())
            .toCompletableFuture()
            .join();

    assertEquals(new AnswerEvent.Failed(cut), last);
  }

  @Test
  void cancellingEndsTheWorkThere() {
    // What earlier tests gave up may end a moment later.
    Await.until(() -> SERVER.finch.running.get() == 0);
    SERVER.finch.script(_ -> ScriptedFinch.endless(Duration.ofMillis(5)));
    int ended = SERVER.finch.ended.get();
    var taken =
        FinchSources.stream(REMOTE, GenerateRequest.of("hi"))
            .take(5)
            .runWith(Sink.seq(), SERVER.kit.system())
            .toCompletableFuture()
            .join();

    assertEquals(5, taken.size());
    Await.until(() -> SERVER.finch.ended.get() == ended + 1);
  }

  @Test
  void answersTheQuestionAfterOneThatWasGivenUp() {
    for (int round = 0; round < 100; round++) {
      SERVER.finch.script(_ -> ScriptedFinch.endless(Duration.ofMillis(1)));
      FinchSources.stream(REMOTE, GenerateRequest.of("hi"))
          .take(1 + round % 5)
          .runWith(Sink.ignore(), SERVER.kit.system())
          .toCompletableFuture()
          .join();
      SERVER.finch.script(_ -> ScriptedFinch.says("Hello, ", "world."));
      assertEquals(
          "Hello, world.",
          REMOTE.askAsync(GenerateRequest.of("hi")).toCompletableFuture().join().text());
    }
  }

  @Test
  void looksAfterNoCacheFromAfar() {
    for (var stage : List.of(REMOTE.verifyAsync(null), REMOTE.pruneAsync())) {
      var refused =
          assertThrows(CompletionException.class, () -> stage.toCompletableFuture().join());
      FinchException cause = (FinchException) refused.getCause();
      assertEquals(FailureCode.BAD_REQUEST, cause.failure().code());
    }
  }

  @Test
  void tellsWhatTheRuntimeTells() {
    assertEquals(SERVER.finch.state(), REMOTE.state());
    assertEquals(
        SERVER.finch.state(),
        FinchSources.states(REMOTE)
            .runWith(Sink.head(), SERVER.kit.system())
            .toCompletableFuture()
            .join());
    assertEquals(
        SERVER.finch.statusAsync().toCompletableFuture().join(),
        REMOTE.statusAsync().toCompletableFuture().join());
    assertEquals(
        SERVER.finch.modelsAsync().toCompletableFuture().join(),
        REMOTE.modelsAsync().toCompletableFuture().join());
    assertEquals(
        SERVER.finch.fitAsync().toCompletableFuture().join(),
        REMOTE.fitAsync().toCompletableFuture().join());
    assertEquals(
        SERVER.finch.ledgerAsync().toCompletableFuture().join(),
        REMOTE.ledgerAsync().toCompletableFuture().join());
  }

  @Test
  void saysWhatAnOrdinaryKeyMayNotDo() {
    try (RemoteFinch other = RemoteFinch.connect(URI.create(SERVER.frontEnd.url()), "other-key")) {
      List<CompletionStage<?>> refused =
          List.of(
              other.loadAsync(ModelReference.BUILT_IN),
              other.unloadAsync(),
              other.removeAsync(ModelReference.BUILT_IN),
              FinchSources.pull(other, ModelReference.BUILT_IN)
                  .runWith(Sink.ignore(), SERVER.kit.system()));
      for (CompletionStage<?> stage : refused) {
        CompletionException thrown =
            assertThrows(CompletionException.class, () -> stage.toCompletableFuture().join());
        FinchException why = assertInstanceOf(FinchException.class, thrown.getCause());
        assertEquals(FailureCode.FORBIDDEN, why.failure().code());
        assertTrue(why.failure().describe().contains("admin:name=key"));
      }
    }
  }

  @Test
  void looksAfterModels() {
    ModelReference reference = ModelReference.parse("hf:org/repo:Q4_K_M@main");
    List<DownloadProgress> progress =
        FinchSources.pull(REMOTE, reference)
            .runWith(Sink.seq(), SERVER.kit.system())
            .toCompletableFuture()
            .join();

    assertEquals(DownloadProgress.Phase.DONE, progress.getLast().phase());
    assertEquals(false, REMOTE.isCachedAsync(reference).toCompletableFuture().join());
    assertEquals(true, REMOTE.isCachedAsync(ModelReference.BUILT_IN).toCompletableFuture().join());
    assertEquals(123L, REMOTE.removeAsync(reference).toCompletableFuture().join());
    assertEquals(SERVER.finch.state(), REMOTE.loadAsync(reference).toCompletableFuture().join());
    assertEquals(SERVER.finch.state(), REMOTE.unloadAsync().toCompletableFuture().join());
  }

  @Test
  void countsAndEmbeds() {
    assertEquals(
        42L, REMOTE.countTokensAsync(GenerateRequest.of("hi")).toCompletableFuture().join());
    assertEquals(
        0.8f, REMOTE.embedAsync(List.of("a")).toCompletableFuture().join().vectors().getFirst()[1]);
  }

  @Test
  void refusesToConnectWithAWrongKeyOrToNothing() {
    FinchException key =
        assertThrows(
            FinchException.class,
            () -> RemoteFinch.connect(URI.create(SERVER.frontEnd.url()), "another-key"));
    FinchException nothing =
        assertThrows(
            FinchException.class, () -> RemoteFinch.connect(URI.create("http://127.0.0.1:1")));

    assertEquals("The API key is not known here.", key.failure().message());
    assertEquals(FailureCode.PROVIDER_LOST, nothing.failure().code());
  }
}
