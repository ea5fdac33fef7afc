package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.FinchException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a body that cannot be taken. */
final class BodyTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{\"a\":1,\"a\":2} | The body has the field 'a' twice in one object at line 1, column 11.",
        "{\"b\":{\"it's\":1,\"it's\":1}} | The body has the field 'it's' twice in one object at"
            + " line 1, column 22.",
        "{\"a\":} | The body is not valid JSON at line 1, column 6.",
        "[] | The body is not a JSON object.",
      })
  void isSaidWithWhatIsWrong(String body, String message) {
    FinchException refused = assertThrows(FinchException.class, () -> Body.parse(bytes(body)));
    assertEquals(message, refused.failure().message());
  }

  @ParameterizedTest
  @CsvSource({"-1", "21", "1000000000"})
  void likelyTokensAreBoundedUnderTheirOwnName(int top) {
    Body body = Body.parse(bytes("{\"logprobs\":true,\"top_logprobs\":" + top + "}"));
    FinchException refused = assertThrows(FinchException.class, () -> OpenAiPrompt.logprobs(body));
    assertEquals("top_logprobs: " + top + " (expected: 0 to 20).", refused.failure().message());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "\"5\" | a: \"5\" (expected: a whole number).",
        "\"\" | a: \"\" (expected: a whole number).",
        "\"say \\\"5\\\"\\n\" | a: \"say \\\"5\\\"\\n\" (expected: a whole number).",
        "\"null\" | a: \"null\" (expected: a whole number).",
        "true | a: true (expected: a whole number).",
        "5.5 | a: 5.5 (expected: a whole number).",
        "[5] | a: an array (expected: a whole number).",
        "\"123456789012345678901234567890123456789🐦!\" | a:"
            + " \"123456789012345678901234567890123456789…\" (expected: a whole number).",
      })
  void aTextIsToldFromANumber(String value, String message) {
    Body body = Body.parse(bytes("{\"a\":" + value + "}"));
    FinchException refused = assertThrows(FinchException.class, () -> body.integer("a"));
    assertEquals(message, refused.failure().message());
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1,2]", "[[1],[2]]", "[[1,2,3]]", "[1.5]", "[\"a\",2]"})
  void tokensToEmbedAreRefusedWithTheReason(String input) {
    Body body = Body.parse(bytes("{\"input\":" + input + "}"));
    FinchException refused =
        assertThrows(FinchException.class, () -> OpenAiEmbeddings.inputs(body));
    String said = refused.failure().describe();
    assertTrue(said.startsWith("input: token ids "), said);
    assertTrue(said.contains("check_embedding_ctx_length=False"), said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[{}]", "[[\"a\"]]", "[[]]", "7", "[null]"})
  void whatIsNeitherTextNorTokensIsSaidToBeNoText(String input) {
    Body body = Body.parse(bytes("{\"input\":" + input + "}"));
    FinchException refused =
        assertThrows(FinchException.class, () -> OpenAiEmbeddings.inputs(body));
    assertTrue(refused.failure().message().contains("an array of strings"));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
