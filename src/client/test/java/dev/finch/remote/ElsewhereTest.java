package dev.finch.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.finch.RuntimeStatus;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.Cost;
import dev.finch.inference.FinishReason;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.inference.Provenance;
import dev.finch.inference.RouteReason;
import dev.finch.inference.Timings;
import dev.finch.inference.TokenUsage;
import dev.finch.model.RuntimeState;
import dev.finch.wire.FinchJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Servers that are, or pass for, another machine; what they are sent is looked at. */
final class ElsewhereTest {

  private final List<String> received = new CopyOnWriteArrayList<>();
  private final HttpServer server = server();

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void nothingThatIsLocalOnlyIsSentToAnotherMachine() {
    try (RemoteFinch finch = RemoteFinch.connect(elsewhere(true), "the-key")) {
      assertFalse(finch.onThisMachine());
      GenerateRequest secret =
          GenerateRequest.builder().user("ZEBRA9").privacy(Privacy.LOCAL_ONLY).build();
      GenerateRequest conversation =
          GenerateRequest.builder()
              .messages(
                  List.of(
                      ChatMessage.user("ZEBRA9").withPrivacy(Privacy.LOCAL_ONLY),
                      ChatMessage.assistant("I see."),
                      ChatMessage.user("go on")))
              .privacy(Privacy.LOCAL_FIRST)
              .build();
      for (GenerateRequest request : List.of(secret, conversation)) {
        assertRefused(() -> finch.askAsync(request).toCompletableFuture().join());
        assertRefused(() -> finch.countTokensAsync(request).toCompletableFuture().join());
      }
    }
    assertTrue(received.stream().noneMatch(text -> text.contains("ZEBRA9")), received.toString());
  }

  @Test
  void whatAnsweredThereIsNotCalledLocal() {
    try (RemoteFinch finch = RemoteFinch.connect(elsewhere(true), "the-key")) {
      var answer = finch.askAsync(GenerateRequest.of("hi")).toCompletableFuture().join();
      assertEquals(Provenance.Provider.PEER, answer.provenance().provider());
    }
  }

  @Test
  void neitherKeyNorPromptGoesOverPlainHttpToAnotherMachineUnlessAllowed() {
    FinchException refused = assertThrows(FinchException.class, () -> elsewhere(false));
    assertEquals(FailureCode.FORBIDDEN, refused.failure().code());
    assertEquals(List.of(), received);
  }

  @Test
  void aNameThatLeadsHereIsConnectedToByThatAddressAlone() {
    InetAddress here = InetAddress.getLoopbackAddress();
    ServerAddress named =
        ServerAddress.of(url("finch.invalid"), false, _ -> new InetAddress[] {here});
    try (RemoteFinch finch = RemoteFinch.connect(named, "the-key")) {
      GenerateRequest secret =
          GenerateRequest.builder().user("ZEBRA9").privacy(Privacy.LOCAL_ONLY).build();
      var answer = finch.askAsync(secret).toCompletableFuture().join();
      assertEquals(Provenance.Provider.LOCAL, answer.provenance().provider());
      assertTrue(received.getLast().contains("ZEBRA9"), received.toString());
    }
  }

  @Test
  void aRedirectToAnotherMachineIsNotFollowed() {
    ServerAddress here = ServerAddress.of(url("127.0.0.1"), false, InetAddress::getAllByName);
    try (RemoteFinch finch = RemoteFinch.connect(here, "the-key")) {
      GenerateRequest secret =
          GenerateRequest.builder().user("REDIRECT").privacy(Privacy.LOCAL_ONLY).build();
      assertThrows(
          CompletionException.class, () -> finch.askAsync(secret).toCompletableFuture().join());
      assertEquals(1, received.stream().filter(text -> text.contains("REDIRECT")).count());
    }
  }

  private static void assertRefused(Runnable call) {
    CompletionException thrown = assertThrows(CompletionException.class, call::run);
    FinchException refused = assertInstanceOf(FinchException.class, thrown.getCause());
    assertEquals(FailureCode.FORBIDDEN, refused.failure().code());
  }

  /** The loopback server under a name that, as far as is known, leads to another machine. */
  private ServerAddress elsewhere(boolean plainAllowed) {
    return ServerAddress.of(
        url("localhost"),
        plainAllowed,
        _ -> new InetAddress[] {InetAddress.getByName("192.0.2.7")});
  }

  private URI url(String host) {
    return URI.create("http://" + host + ":" + server.getAddress().getPort());
  }

  private HttpServer server() {
    try {
      HttpServer http =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      http.createContext(
          "/",
          exchange -> {
            String body =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(exchange.getRequestURI() + " " + body);
            String path = exchange.getRequestURI().getPath();
            if (body.contains("REDIRECT")) {
              exchange.getResponseHeaders().add("Location", url("localhost") + "/elsewhere");
              exchange.sendResponseHeaders(307, -1);
            } else {
              byte[] bytes =
                  (path.endsWith("/generate") ? answer() : status())
                      .getBytes(StandardCharsets.UTF_8);
              exchange.sendResponseHeaders(200, bytes.length);
              exchange.getResponseBody().write(bytes);
            }
            exchange.close();
          });
      http.start();
      return http;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String status() {
    return FinchJson.write(
        new RuntimeStatus(
            "1",
            Duration.ZERO,
            RuntimeState.EMPTY,
            Optional.empty(),
            0,
            0,
            0,
            false,
            "no key",
            false,
            Map.of()));
  }

  private static String answer() {
    return FinchJson.write(
            new AnswerEvent.Started(Provenance.local("m", RouteReason.MODEL_READY, false)))
        + "\n"
        + FinchJson.write(new AnswerEvent.Delta("Hello."))
        + "\n"
        + FinchJson.write(
            new AnswerEvent.Finished(
                FinishReason.STOP, TokenUsage.of(1, 1), Timings.UNKNOWN, Cost.FREE))
        + "\n";
  }
}
