package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors as Ollama's clients ask for them: fewer numbers, and texts that are too long. */
final class OllamaEmbeddingsIT {

  private static RealServer server;

  @BeforeAll
  static void start() throws IOException {
    server = RealServer.builtin();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static JsonNode embed(String input, String more) throws Exception {
    HttpResponse<String> response = post("/api/embed", "input", input, more);
    assertEquals(200, response.statusCode(), response.body());
    return Json.read(response.body());
  }

  private static HttpResponse<String> post(String path, String field, String input, String more)
      throws Exception {
    String body = "{\"model\":\"auto\",\"" + field + "\":" + input + more + "}";
    return server.post(path, body);
  }

  private static String quoted(String text) throws IOException {
    return Json.write(Json.text(text));
  }

  private static double length(JsonNode vector) {
    double square = 0;
    for (JsonNode each : vector) {
      square += each.doubleValue() * each.doubleValue();
    }
    return Math.sqrt(square);
  }

  @Test
  void fewerDimensionsAreTheFirstOnesMadeAsLongAsBefore() throws Exception {
    JsonNode whole = embed("[\"a bird\",\"a stone\"]", "").path("embeddings");
    int size = whole.path(0).size();
    for (int dimensions : new int[] {1, 2, 8, size - 1, size}) {
      JsonNode cut = embed("[\"a bird\",\"a stone\"]", ",\"dimensions\":" + dimensions);
      for (int i = 0; i < 2; i++) {
        JsonNode vector = cut.path("embeddings").path(i);
        assertEquals(dimensions, vector.size());
        assertEquals(1, length(vector), 1e-5);
        double ratio = vector.path(0).doubleValue() / whole.path(i).path(0).doubleValue();
        for (int d = 0; d < dimensions; d++) {
          double expected = whole.path(i).path(d).doubleValue() * ratio;
          assertEquals(expected, vector.path(d).doubleValue(), 1e-4 * ratio);
        }
      }
    }
    for (String wrong : new String[] {"0", "-1", String.valueOf(size + 1), "1.5", "\"8\""}) {
      HttpResponse<String> refused =
          post("/api/embed", "input", "\"a\"", ",\"dimensions\":" + wrong);
      assertEquals(400, refused.statusCode(), refused.body());
      assertTrue(refused.body().contains("dimensions: "), refused.body());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"w ", "The bird, which sings. ", "é🐦", "<|im_end|>", "a<|im_start|>🐦 ", "\n\n"})
  void whatIsLongerThanTheContextIsCutToIt(String part) throws Exception {
    int context = server.finch.state().ready().orElseThrow().contextLength();
    String whole = "Sparse at its beginning: extraordinary. " + part.repeat(8 * context);
    JsonNode cut = embed(quoted(whole), "");
    long tokens = cut.path("prompt_eval_count").asLong();
    assertTrue(tokens <= context, () -> tokens + " of " + context);
    // Control tokens in a text count for fewer than they take.
    assertTrue(tokens > context * (part.contains("<|") ? 0.5 : 0.99), () -> tokens + "/" + context);
    assertEquals(
        cut.path("embeddings"), embed(quoted(whole), ",\"truncate\":true").path("embeddings"));

    JsonNode two = embed("[" + quoted("short") + "," + quoted(whole) + "]", "");
    assertEquals(2, two.path("embeddings").size());
    assertEquals(1, length(two.path("embeddings").path(1)), 1e-5);

    HttpResponse<String> old = post("/api/embeddings", "prompt", quoted(whole), "");
    assertEquals(cut.path("embeddings").path(0), Json.read(old.body()).path("embedding"));
  }

  @Test
  void aTextThatMustNotBeCutIsRefusedAsItIsByOpenAi() throws Exception {
    String whole = quoted("w ".repeat(20_000));
    for (String[] asked :
        new String[][] {
          {"/api/embed", "input", ",\"truncate\":false"},
          {"/api/embeddings", "prompt", ",\"truncate\":false"},
          {"/v1/embeddings", "input", ""},
          {"/v1/embeddings", "input", ",\"truncate\":true"},
        }) {
      HttpResponse<String> refused = post(asked[0], asked[1], whole, asked[2]);
      assertEquals(400, refused.statusCode(), refused.body());
      assertTrue(refused.body().contains("An input has "), refused.body());
    }
    HttpResponse<String> wrong = post("/api/embed", "input", "\"a\"", ",\"truncate\":\"yes\"");
    assertEquals(400, wrong.statusCode(), wrong.body());
  }
}
