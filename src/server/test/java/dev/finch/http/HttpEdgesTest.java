package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP as browsers, balancers and small clients speak it. */
final class HttpEdgesTest {

  private static final String ORIGIN = "http://localhost:3000";
  private static final String SETTINGS =
      "finch.http.allowed-origins = [\"" + ORIGIN + "\"], finch.http.limits.body = 64 KiB";
  private static final Server SERVER = Server.start(SETTINGS);
  private static final Server KEYED =
      Server.start(SETTINGS + ", finch.http.api-keys = [\"ann=key-of-ann\"]");
  private static final String PATH = "/v1/chat/completions";
  private static final String HI = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String ASKED = "authorization,content-type,x-stainless-timeout";

  @AfterAll
  static void stop() {
    SERVER.close();
    KEYED.close();
  }

  @BeforeEach
  void reset() {
    SERVER.finch.script(_ -> ScriptedFinch.says("Hello."));
  }

  /** Fetch, CORS-preflight fetch: 200 or 204, without credentials, the asked headers allowed. */
  @Test
  void whatARefusalRepeatsReachesNoTerminalRaw() throws Exception {
    String body =
        "{\"model\":\"a\\u009b31m\\u202eb\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    for (String path : List.of("/v1/chat/completions", "/v1/messages", "/api/chat")) {
      String refusal = SERVER.post(path, body).body();

      assertTrue(refusal.contains("a\\u009B31m\\u202Eb"), refusal);
      assertTrue(refusal.chars().allMatch(each -> each >= ' ' && each < 127), refusal);
    }
  }

  @Test
  void aPreflightFromAnAllowedOriginIsAnsweredWithoutAKey() throws Exception {
    for (Server server : new Server[] {SERVER, KEYED}) {
      HttpResponse<String> answer =
          preflight(server, ORIGIN, "Access-Control-Request-Headers", ASKED);

      assertEquals(204, answer.statusCode(), answer.body());
      assertEquals(ORIGIN, header(answer, "Access-Control-Allow-Origin"));
      assertTrue(header(answer, "Access-Control-Allow-Methods").contains("POST"));
      assertEquals(ASKED, header(answer, "Access-Control-Allow-Headers"));
      assertTrue(header(answer, "Vary").contains("Origin"));
    }
    HttpResponse<String> network =
        preflight(SERVER, ORIGIN, "Access-Control-Request-Private-Network", "true");
    assertEquals("true", header(network, "Access-Control-Allow-Private-Network"));
    assertEquals("", header(network, "Access-Control-Allow-Headers"));
    assertEquals(
        401, KEYED.post(PATH, HI, "Origin", ORIGIN).statusCode(), "the key is still asked");
  }

  @Test
  void aPreflightFromAnyOtherOriginIsRefused() throws Exception {
    HttpResponse<String> answer = preflight(SERVER, "http://evil.test");

    assertEquals(403, answer.statusCode());
    assertEquals("", header(answer, "Access-Control-Allow-Origin"));
    assertEquals("", header(answer, "Access-Control-Allow-Methods"));
  }

  /** RFC 9112, section 3.2: only HTTP/1.1 wants a Host. */
  @ParameterizedTest
  @CsvSource({
    "OPTIONS / HTTP/1.0, 204",
    "GET /health/live HTTP/1.0, 200",
    "HEAD / HTTP/1.0, 200",
    "GET /health/live HTTP/1.1, 400",
  })
  void onlyHttp11WantsAHost(String line, int status) throws Exception {
    String answer = raw(line + "\r\n\r\n");

    assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
    String named = line.replace("1.1", "1.0") + "\r\nHost: evil.test\r\n\r\n";
    assertTrue(raw(named).startsWith("HTTP/1.1 403"), "a wrong name is still refused");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "x-gzip", "deflate", "deflate bare", "GZIP"})
  void unpacksBodies(String coding) throws Exception {
    HttpResponse<String> answer = packed(coding.split(" ")[0], pack(coding, HI));

    assertEquals(200, answer.statusCode(), answer.body());
  }

  @Test
  void refusesWhatItCannotUnpack() throws Exception {
    byte[] plain = HI.getBytes(StandardCharsets.UTF_8);
    for (String coding : new String[] {"br", "zstd", "gzip, gzip", "compress"}) {
      HttpResponse<String> unknown = packed(coding, plain);

      assertEquals(415, unknown.statusCode(), unknown.body());
      assertEquals("gzip, deflate", header(unknown, "Accept-Encoding"));
      assertTrue(unknown.body().contains("\"error\""), unknown.body());
    }
    assertEquals(400, packed("gzip", plain).statusCode());
    byte[] cut = pack("gzip", HI + " ".repeat(4000));
    assertEquals(400, packed("gzip", Arrays.copyOf(cut, cut.length - 9)).statusCode());
    byte[] bomb = pack("gzip", HI + " ".repeat(10_000_000));
    assertTrue(bomb.length < 20_000);
    assertEquals(413, packed("gzip", bomb).statusCode());
  }

  /** RFC 8259, section 8.1. */
  @Test
  void aByteOrderMarkIsIgnored() throws Exception {
    assertEquals(200, SERVER.post(PATH, "\uFEFF" + HI).statusCode());
    assertEquals(400, SERVER.post(PATH, "\uFEFF\uFEFF" + HI).statusCode());
  }

  /** Cookies of localhost are shared by all its ports. */
  @Test
  void takesLongCookies() throws Exception {
    HttpRequest.Builder get = HttpRequest.newBuilder(SERVER.uri("/health/live"));

    assertEquals(200, send(get.copy().header("Cookie", "a".repeat(31_000))).statusCode());
    assertEquals(431, send(get.copy().header("Cookie", "a".repeat(40_000))).statusCode());
  }

  /** Behind a proxy at https://host/finch/ only relative addresses find their way. */
  @Test
  void thePageAsksForNothingAbsolute() throws Exception {
    for (String path : new String[] {"/", "/page/main.js", "/page/api.js", "/page/chat.js"}) {
      String text = SERVER.get(path).body();

      assertFalse(text.contains("\"/page"), path);
      assertFalse(text.contains("\"/v1"), path);
      assertFalse(text.contains("href=\"/\""), path);
    }
    assertTrue(SERVER.get("/").body().contains("src=\"page/main.js\""));
  }

  private static String raw(String request) throws IOException {
    try (RawSocket socket = RawSocket.connect(SERVER)) {
      socket.send(request);
      socket.closeSending();
      return socket.readAll();
    }
  }

  private static HttpResponse<String> preflight(Server server, String origin, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri(PATH))
            .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "POST");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  private static HttpResponse<String> packed(String coding, byte[] body) throws Exception {
    return send(
        HttpRequest.newBuilder(SERVER.uri(PATH))
            .header("Content-Encoding", coding)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return SERVER.client.send(
        request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private static byte[] pack(String coding, String text) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out =
        coding.startsWith("deflate")
            ? new DeflaterOutputStream(packed, new Deflater(9, coding.endsWith("bare")))
            : new GZIPOutputStream(packed)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return packed.toByteArray();
  }
}
