package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.finch.failure.FinchException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
