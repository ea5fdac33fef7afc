package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /openapi.json} held against the routes, and against what they take and give. */
final class OpenApiTest {

  private static final Server SERVER = Server.start("");
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private static JsonNode document;

  @BeforeAll
  static void read() throws Exception {
    document = Json.read(SERVER.get("/openapi.json").body());
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @BeforeEach
  void reset() {
    SERVER.finch.script(_ -> ScriptedFinch.says("Hello, ", "world."));
  }

  @Test
  void everyOperationIsServed() throws Exception {
    int operations = 0;
    for (var path : document.get("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        operations++;
        String concrete = path.getKey().replaceAll("\\{[a-z]+}", "builtin");
        if (concrete.equals("/v1/finch/events")) {
          continue; // never ends
        }
        HttpRequest request =
            HttpRequest.newBuilder(SERVER.uri(concrete))
                .method(
                    operation.getKey().toUpperCase(Locale.ROOT),
                    HttpRequest.BodyPublishers.noBody())
                .build();
        var response = SERVER.client.send(request, HttpResponse.BodyHandlers.ofString());
        assertNotEquals(405, response.statusCode(), concrete);
        assertFalse(response.body().contains("There is no such path."), concrete);
      }
    }
    assertTrue(operations > 35, "operations: " + operations);
  }

  @Test
  void everySchemaIsUsedAndEveryReferenceResolves() {
    String text = document.toString();
    List<String> used =
        java.util.regex.Pattern.compile("#/components/schemas/(\\w+)")
            .matcher(text)
            .results()
            .map(match -> match.group(1))
            .distinct()
            .sorted()
            .toList();
    List<String> written =
        document.at("/components/schemas").properties().stream()
            .map(java.util.Map.Entry::getKey)
            .sorted()
            .toList();

    assertEquals(written, used);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/models",
        "/v1/models/{id}",
        "/api/tags",
        "/api/ps",
        "/api/version",
        "/v1/finch/status",
        "/v1/finch/models",
        "/v1/finch/fit",
        "/v1/finch/cached/{model}",
        "/v1/finch/ledger",
        "/health/live",
        "/health/ready"
      })
  void whatIsToldIsAsWritten(String path) throws Exception {
    HttpResponse<String> response = SERVER.get(path.replaceAll("\\{[a-z]+}", "builtin"));

    assertEquals(200, response.statusCode(), response.body());
    assertValid(path, "get", "200", "application/json", response.body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "/v1/chat/completions"
            + " {'messages':[{'role':'user','content':'hi'}],'temperature':0.5,'n':2}",
        "/v1/completions {'prompt':'hi','max_tokens':5}",
        "/v1/responses {'input':'hi'}",
        "/v1/embeddings {'input':['hi']}",
        "/v1/messages {'max_tokens':5,'messages':[{'role':'user','content':'hi'}]}",
        "/v1/messages/count_tokens {'messages':[{'role':'user','content':'hi'}]}",
        "/api/chat {'model':'auto','stream':false,'messages':[{'role':'user','content':'hi'}]}",
        "/api/generate {'model':'auto','stream':false,'prompt':'hi'}",
        "/api/embed {'model':'auto','input':'hi'}",
        "/api/embeddings {'model':'auto','prompt':'hi'}",
        "/api/show {'model':'builtin'}",
        "/v1/finch/embed {'inputs':['hi']}",
        "/v1/finch/count {'user':'hi'}",
      })
  void whatIsTakenAndGivenIsAsWritten(String path, String quoted) throws Exception {
    String body = quoted.replace('\'', '"');
    HttpResponse<String> response = SERVER.post(path, body);

    assertEquals(200, response.statusCode(), response.body());
    assertRequestValid(path, body);
    assertValid(path, "post", "200", "application/json", response.body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "/v1/chat/completions {'stream':true,'messages':[{'role':'user','content':'hi'}]}",
        "/v1/completions {'stream':true,'prompt':'hi'}",
        "/v1/responses {'stream':true,'input':'hi'}",
        "/v1/messages {'stream':true,'messages':[{'role':'user','content':'hi'}]}",
        "/api/chat {'model':'auto','messages':[{'role':'user','content':'hi'}]}",
        "/api/generate {'model':'auto','prompt':'hi'}",
        "/v1/finch/generate {'user':'hi'}",
        "/v1/finch/model {'action':'unload'}",
      })
  void whatIsStreamedIsAsWritten(String path, String quoted) throws Exception {
    HttpResponse<String> response = SERVER.post(path, quoted.replace('\'', '"'));
    String media = response.headers().firstValue("Content-Type").orElseThrow().split(";", 2)[0];
    List<String> pieces =
        response
            .body()
            .lines()
            .map(line -> line.startsWith("data: ") ? line.substring(6) : line)
            .filter(line -> line.startsWith("{"))
            .toList();

    assertFalse(pieces.isEmpty());
    for (String piece : pieces) {
      assertValid(path, "post", "200", media, piece);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v1/chat/completions", "/v1/messages", "/api/chat", "/v1/finch/generate"})
  void failuresAreAsWritten(String path) throws Exception {
    Failure busy = Failure.passing(FailureCode.BUSY, "All slots are busy.", "Wait.");
    SERVER.finch.script(_ -> ScriptedFinch.fails(busy));
    String body = "{\"model\":7,\"messages\":1,\"user\":[]}";

    assertValid(path, "post", "default", "application/json", SERVER.post(path, body).body());
  }

  private static void assertRequestValid(String path, String body) {
    assertValid(
        document.at(pointer(path) + "/post/requestBody/content/application~1json/schema"), body);
  }

  private static void assertValid(
      String path, String method, String status, String media, String body) {
    assertValid(
        document.at(
            pointer(path)
                + "/"
                + method
                + "/responses/"
                + status
                + "/content/"
                + media.replace("/", "~1")
                + "/schema"),
        body);
  }

  private static String pointer(String path) {
    return "/paths/" + path.replace("/", "~1");
  }

  private static void assertValid(JsonNode reference, String body) {
    assertTrue(reference.has("$ref"), "there is no schema for " + body);
    var schema = Json.object();
    schema.set("components", document.get("components"));
    schema.set("$ref", reference.get("$ref"));
    var errors =
        SCHEMAS.getSchema(schema.toString(), InputFormat.JSON).validate(body, InputFormat.JSON);

    assertTrue(errors.isEmpty(), errors + "\n" + body);
  }
}
