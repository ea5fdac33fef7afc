package dev.finch.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.finch.cli.terminal.ForeignText;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import org.junit.jupiter.api.Test;

class JsonTextTest {

  private static final String HOSTILE =
      "a\u009b2J\u007f\u202e\u2066\u200e\u061c\u200b\ufeff\u2028\udb40\udc41 \u001b[31m é 日 "
          + "\ud83d\udc69\u200d\ud83d\udcbb \u2764\ufe0f";

  @Test
  void escapesWhatATerminalWouldObeyOrHide() {
    assertEquals(
        "{\"error\":{\"code\":\"internal\",\"message\":\"a\\u009b2J\\u007f\\u202e\\u2066\\u200e\\u061c\\u200b\\ufeff\\u2028\\udb40\\udc41"
            + " \\u001B[31m é 日 \ud83d\udc69\u200d\ud83d\udcbb"
            + " \u2764\ufe0f\",\"hint\":null,\"retryable\":false}}",
        JsonText.line(AnswerJson.failure(failure())));
  }

  @Test
  void meansTheSame() throws Exception {
    for (String json :
        new String[] {
          JsonText.line(AnswerJson.failure(failure())),
          JsonText.pretty(AnswerJson.failure(failure()))
        }) {
      assertEquals(
          HOSTILE, new ObjectMapper().readTree(json).path("error").path("message").asText());
      assertEquals(json, ForeignText.of(json));
    }
  }

  private static Failure failure() {
    return Failure.permanent(FailureCode.INTERNAL, HOSTILE, null);
  }
}
