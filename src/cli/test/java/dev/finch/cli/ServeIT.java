package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code finch serve} as operators run it: a process of its own, ended by SIGTERM. */
final class ServeIT {

  /** Two thousand tokens: without the tokens that end an answer, it takes seconds. */
  private static final String LONG_ANSWER =
      "{\"stream\":true,\"max_tokens\":1900,\"logit_bias\":{\"1017\":-100,\"1019\":-100},"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  private static final Duration TWO_HEARTBEATS = Duration.ofSeconds(10);

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private ServerProcess server;
  private URI address;

  @BeforeEach
  void serve() throws IOException {
    ProcessBuilder builder =
        new Distribution(Distribution.assembled(), directory)
            .process("serve", "--port", "0", "--model", "random:small");
    builder.environment().put("FINCH_JAVA_OPTS", "-Dfinch.engine.slots=1");
    server = ServerProcess.start(builder.redirectOutput(ProcessBuilder.Redirect.DISCARD));
    address = server.address();
  }

  @AfterEach
  void kill() throws InterruptedException {
    client.shutdownNow();
    server.close();
  }

  @Test
  void aClientThatLeavesStopsTheNativeWork() throws Exception {
    awaitReady();
    String id;
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket
          .getOutputStream()
          .write(
              ("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                      + LONG_ANSWER.length()
                      + "\r\n\r\n"
                      + LONG_ANSWER)
                  .getBytes(StandardCharsets.UTF_8));
      String head = readUntil(socket.getInputStream(), "\"content\":\"");
      id = head.replaceFirst("(?s).*X-Request-Id: (\\S+).*", "$1");
      assertEquals(1, json("/v1/finch/status").get("busySlots").asInt());
    }
    long left = System.nanoTime();
    await(() -> json("/v1/finch/requests/" + id).get("state").asText().equals("abandoned"));
    await(() -> json("/v1/finch/status").get("busySlots").asInt() == 0);

    Duration noticed = Duration.ofNanos(System.nanoTime() - left);
    assertTrue(noticed.compareTo(TWO_HEARTBEATS) < 0, "noticed after " + noticed);
  }

  @Test
  void sigtermLetsAnAnswerFinishAndTakesNoOther() throws Exception {
    awaitReady();
    HttpResponse<Stream<String>> running = client.send(post(), HttpResponse.BodyHandlers.ofLines());
    Iterator<String> lines = running.body().iterator();
    while (!lines.next().contains("\"content\":\"")) {
      // Up to the first word.
    }
    server.process().destroy();
    String last = "";
    while (lines.hasNext()) {
      String line = lines.next();
      last = line.isEmpty() ? last : line;
    }

    assertEquals("data: [DONE]", last);
    assertTrue(server.process().waitFor(20, TimeUnit.SECONDS));
    assertEquals(0, server.process().exitValue());
    assertFalse(isServed());
  }

  private boolean isServed() throws InterruptedException {
    try {
      client.send(post(), HttpResponse.BodyHandlers.discarding());
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private HttpRequest post() {
    return HttpRequest.newBuilder(address.resolve("/v1/chat/completions"))
        .POST(HttpRequest.BodyPublishers.ofString(LONG_ANSWER))
        .build();
  }

  private void awaitReady() throws Exception {
    await(() -> json("/health/ready").at("/legs/local").asBoolean());
  }

  private JsonNode json(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(address.resolve(path)).build();
    return new ObjectMapper()
        .readTree(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  @FunctionalInterface
  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.holds()) {
      assertTrue(System.nanoTime() < end, "it did not come true within a minute");
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private static String readUntil(InputStream in, String marker) throws IOException {
    StringBuilder all = new StringBuilder();
    for (int next = in.read(); next >= 0 && all.indexOf(marker) < 0; next = in.read()) {
      all.append((char) next);
    }
    return all.toString();
  }
}
