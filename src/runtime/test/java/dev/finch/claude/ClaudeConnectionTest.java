package dev.finch.claude;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.OutgoingConnection;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ClaudeConnectionTest {

  private static final ActorTestKit KIT = ActorTestKit.create();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void failsARequestThatIsTakenAfterTheConnectionHasEnded() throws Exception {
    IOException refused = new IOException("refused");
    CompletionStage<OutgoingConnection> never = CompletableFuture.failedFuture(refused);
    // Its way in stays open for a while, as it does until the news of the end has come there.
    Flow<HttpRequest, HttpResponse, CompletionStage<OutgoingConnection>> flow =
        Flow.fromSinkAndSource(Sink.<HttpRequest>ignore(), Source.<HttpResponse>failed(refused))
            .mapMaterializedValue(_ -> never);
    CompletableFuture<ClaudeConnection> ended = new CompletableFuture<>();
    ClaudeConnection connection =
        ClaudeConnection.open(flow, Materializer.matFromSystem(KIT.system()), ended::complete);
    assertEquals(connection, ended.get(30, TimeUnit.SECONDS));

    var response = connection.send(HttpRequest.GET("http://127.0.0.1/")).toCompletableFuture();

    var thrown = assertThrows(ExecutionException.class, () -> response.get(30, TimeUnit.SECONDS));
    assertEquals(refused, thrown.getCause());
  }
}
