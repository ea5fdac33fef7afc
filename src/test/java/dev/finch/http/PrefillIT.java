package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
