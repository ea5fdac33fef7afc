package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * "If the final message uses the assistant role, the response content will continue immediately
 * from the content in that message" (Messages API); Ollama and llama.cpp's server do the same.
 */
final class PrefillIT {

  private static RealServer server;

  @BeforeAll
  static void start() throws IOException {
    server = RealServer.builtin();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/messages, messages, /content/0/text",
    "/v1/chat/completions, messages, /choices/0/message/content",
    "/v1/responses, input, /output/0/content/0/text",
    "/api/chat, messages, /message/content",
  })
  void theTextGoesOn(String path, String field, String at) throws Exception {
    String body =
        "{'model':'auto','max_tokens':30,'max_output_tokens':30,'temperature':0,'stream':false,"
            + "'options':{'temperature':0},'"
            + field
            + "':[{'role':'user','content':'What is the capital of France?'},"
            + "{'role':'assistant','content':'The capital of'}]}";
    HttpResponse<String> response = server.post(path, body.replace('\'', '"'));
    JsonNode answer = Json.read(response.body());

    assertEquals(200, response.statusCode(), response.body());
    assertEquals(" France is Paris.", answer.at(at).asText(), response.body());
  }

  private static final String SCHEMA =
      "{'type':'object','properties':{'city':{'enum':['Oslo','Osaka']},'big':{'type':'boolean'}},"
          + "'required':['city','big'],'additionalProperties':false}";

  /** Path, where the messages are, how the schema is asked for, and where the answer is. */
  private static final String[][] DIALECTS = {
    {
      "/v1/messages",
      "messages",
      "'output_config':{'format':{'type':'json_schema','schema':SCHEMA}}",
      "/content/0/text"
    },
    {
      "/v1/chat/completions",
      "messages",
      "'response_format':{'type':'json_schema','json_schema':{'name':'n','schema':SCHEMA}}",
      "/choices/0/message/content"
    },
    {
      "/v1/responses",
      "input",
      "'text':{'format':{'type':'json_schema','name':'n','schema':SCHEMA}}",
      "/output/0/content/0/text"
    },
    {"/api/chat", "messages", "'format':SCHEMA", "/message/content"},
  };

  private static HttpResponse<String> begun(String[] dialect, String form, String beginning)
      throws Exception {
    String body =
        ("{'model':'auto','max_tokens':60,'max_output_tokens':60,'temperature':0,"
                + "'options':{'temperature':0},"
                + form
                + ",'"
                + dialect[1]
                + "':[{'role':'user','content':'Which city?'},"
                + "{'role':'assistant','content':BEGINNING}]}")
            .replace("SCHEMA", SCHEMA)
            .replace('\'', '"')
            .replace("BEGINNING", Json.write(Json.text(beginning)));
    return server.post(dialect[0], body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{\"",
        "{\"city\"",
        "{\"city\": \"Osa",
        "{\n\t\"city\" :   \"Osa",
        "\n{ \"city\": \"Osaka\" , \"big\"",
        "{\"city\":\"Osaka\",\"big\":t",
        "{\"city\":\"Osaka\",\"big\":true}"
      })
  void aFormGoesOnWhereItsBeginningEnds(String beginning) throws Exception {
    for (String[] dialect : DIALECTS) {
      HttpResponse<String> response = begun(dialect, dialect[2] + ",'stream':false", beginning);
      assertEquals(200, response.statusCode(), response.body());
      JsonNode whole = Json.read(beginning + Json.read(response.body()).at(dialect[3]).asText());

      assertEquals(2, whole.size(), response.body());
      assertTrue(whole.path("big").isBoolean(), response.body());
      assertTrue(whole.path("city").asText().startsWith("Os"), response.body());
      if (beginning.contains("Osa")) {
        assertEquals("Osaka", whole.path("city").asText(), response.body());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The city is",
        "[",
        "{\"town\"",
        "{\"city\": \"Ber",
        "{\"city\": \"Os aka",
        "{\"city\":\"Osaka\",\"big\":t rue",
        "{\"city\":\"Osaka\",\"big\":true}}"
      })
  void aBeginningOfNoSuchAnswerIsRefused(String beginning) throws Exception {
    for (String[] dialect : DIALECTS) {
      HttpResponse<String> response = begun(dialect, dialect[2] + ",'stream':false", beginning);
      assertEquals(400, response.statusCode(), response.body());
      assertTrue(response.body().contains("cannot begin what was asked for"), response.body());
    }
  }

  private static final String TOOL =
      "'tool_choice':{'type':'any'},'tools':[{'name':'look','input_schema':" + SCHEMA + "}]";

  /** Text may stand before a call; the call that has begun is told as a whole. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Let me look.",
        "Let me look.\n<tool_call>",
        "<tool_call>\n{\"name\": \"look\"",
        "<tool_call>\n{\"name\": \"look\", \"arguments\": {\"city\": \"Osaka\"",
      })
  void aCallThatMustBeGoesOnWhereItsBeginningEnds(String beginning) throws Exception {
    HttpResponse<String> response = begun(DIALECTS[0], TOOL + ",'stream':false", beginning);
    JsonNode content = Json.read(response.body()).path("content");

    assertEquals(200, response.statusCode(), response.body());
    assertEquals(1, content.findValues("input").size(), response.body());
    assertEquals("tool_use", content.at("/0/type").asText(), response.body());
    assertEquals("look", content.at("/0/name").asText());
    assertEquals(2, content.at("/0/input").size(), response.body());
    if (beginning.contains("Osaka")) {
      assertEquals("Osaka", content.at("/0/input/city").asText());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<tool_call>\n{\"name\": \"other\"",
        "<tool_call>\n{\"name\": \"look\", \"arguments\": {\"town\"",
        "Well. <tool_call>no",
      })
  void theBeginningOfNoSuchCallIsRefused(String beginning) throws Exception {
    HttpResponse<String> response = begun(DIALECTS[0], TOOL + ",'stream':false", beginning);

    assertEquals(400, response.statusCode(), response.body());
  }

  /** Path, where the messages are, the tool and the wish for a call, and where the calls are. */
  private static final String[][] CALLING = {
    {
      "/v1/messages",
      "messages",
      "'tools':[{'name':'look','input_schema':SCHEMA}],'tool_choice':{'type':'CHOICE'}",
      "tool_use"
    },
    {
      "/v1/chat/completions",
      "messages",
      "'tools':[{'type':'function','function':{'name':'look','parameters':SCHEMA}}],"
          + "'tool_choice':'CHOICE'",
      "tool_calls"
    },
    {
      "/v1/responses",
      "input",
      "'tools':[{'type':'function','name':'look','parameters':SCHEMA}],'tool_choice':'CHOICE'",
      "function_call"
    },
    {
      "/api/chat",
      "messages",
      "'tools':[{'type':'function','function':{'name':'look','parameters':SCHEMA}}]",
      "tool_calls"
    },
  };

  private static final String CALL =
      "<tool_call>\n{\"name\": \"look\", \"arguments\": {\"city\": \"Osaka\", \"big\": true}}\n"
          + "</tool_call>";

  /** A call that is all but written, or whole, is the answer's; its mark-up is no text. */
  @ParameterizedTest
  @ValueSource(ints = {0, 11, 12, 13, 14, 15, 20, -1})
  void aCallThatWasGivenIsTold(int missing) throws Exception {
    String beginning = missing < 0 ? CALL + "\n" : CALL.substring(0, CALL.length() - missing);
    for (String[] dialect : CALLING) {
      // Who is free to may leave half a call as it is.
      boolean whole = missing < 15;
      for (String choice : whole ? List.of("auto", "required") : List.of("required")) {
        for (boolean stream : List.of(false, true)) {
          String asked =
              choice.equals("auto") || !dialect[0].equals("/v1/messages") ? choice : "any";
          String body = called(dialect, asked, stream, beginning);

          assertTrue(body.contains(dialect[3]), body);
          assertTrue(body.contains("Osaka") || (!whole && dialect[0].equals("/api/chat")), body);
          if (!stream && choice.equals("required") && !dialect[0].equals("/api/chat")) {
            assertFalse(body.contains("tool_call>"), body);
            assertTrue(body.contains("true"), body);
          }
        }
      }
    }
  }

  private static String called(String[] dialect, String choice, boolean stream, String beginning)
      throws Exception {
    String form = dialect[2].replace("CHOICE", choice) + ",'stream':" + stream;
    HttpResponse<String> response = begun(new String[] {dialect[0], dialect[1]}, form, beginning);
    assertEquals(200, response.statusCode(), response.body());
    return response.body();
  }
}
