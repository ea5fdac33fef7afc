package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.engine.TemplatedModel;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a model's own chat template cannot say is said to whoever asks. */
final class TemplatesIT {

  private static final String STRICT =
      "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('System role not"
          + " supported') }}{% endif %}{% if 'forbidden' in m.content %}\n"
          + "  {{ raise_exception('No \"forbidden\" words') }}{% endif %}"
          + "{% if 'broken' in m.content %}{{ m.nothing.at.all }}{% endif %}"
          + "<{{ m.role }}>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<assistant>"
          + "{% endif %}";

  @TempDir Path directory;

  private RealServer server(String template) throws Exception {
    Path file = directory.resolve("model.gguf");
    TemplatedModel.write(file, template);
    RealServer server =
        RealServer.start(
            Map.of("finch.model", "file:" + file, "finch.cloud.enabled", "off"), directory);
    server.awaitReady();
    return server;
  }

  private static String body(String field, String text) {
    return ("{'model':'auto','max_tokens':3,'max_output_tokens':3,'stream':false,'options':"
            + "{'num_predict':3},'FIELD':[{'role':'user','content':'TEXT'}]}")
        .replace("FIELD", field)
        .replace("TEXT", text)
        .replace('\'', '"');
  }

  @Test
  void whatATemplateRefusesIsTheCallersErrorInItsWords() throws Exception {
    try (RealServer server = server(STRICT)) {
      for (List<String> dialect :
          List.of(
              List.of("/v1/chat/completions", "messages", "/error/type", "invalid_request_error"),
              List.of("/v1/messages", "messages", "/error/type", "invalid_request_error"),
              List.of("/v1/responses", "input", "/error/type", "invalid_request_error"),
              List.of("/api/chat", "messages", "/none", ""))) {
        String path = dialect.getFirst();
        HttpResponse<String> refused = server.post(path, body(dialect.get(1), "a forbidden word"));
        HttpResponse<String> broken = server.post(path, body(dialect.get(1), "a broken word"));

        assertEquals(400, refused.statusCode(), refused.body());
        assertTrue(refused.body().contains("No \\\"forbidden\\\" words"), refused.body());
        assertEquals(dialect.get(3), Json.read(refused.body()).at(dialect.get(2)).asText());
        assertEquals(400, broken.statusCode(), broken.body());
        assertTrue(broken.body().contains("(line 2, column "), broken.body());
        assertEquals(200, server.post(path, body(dialect.get(1), "a word")).statusCode());
      }
      assertEquals(
          200,
          server
              .post(
                  "/v1/chat/completions",
                  body("messages", "a word")
                      .replace("[{", "[{\"role\":\"system\",\"content\":\"Be brief.\"},{"))
              .statusCode());
      assertTrue(
          server
              .post("/v1/messages/count_tokens", body("messages", "forbidden"))
              .body()
              .contains("forbidden"));
    }
  }

  @Test
  void aTemplateThatCannotBeRenderedIsSaidOfItsModel() throws Exception {
    try (RealServer server = server("{% for m in messages %}\n  {% include 'x' %}{% endfor %}")) {
      String note = server.finch.state().ready().orElse(null).notes().getFirst();
      JsonNode shown = Json.read(server.post("/api/show", "{\"model\":\"auto\"}").body());

      assertTrue(note.startsWith("The model's own template cannot be rendered: "), note);
      assertTrue(note.contains("include"), note);
      assertTrue(note.endsWith(" (line 2, column 6); ChatML is used instead."), note);
      assertEquals(note, shown.at("/notes/0").asText(), shown.toString());
      assertTrue(server.get("/v1/finch/status").body().contains("include"));
      assertEquals(
          200, server.post("/v1/chat/completions", body("messages", "a word")).statusCode());
    }
  }
}
