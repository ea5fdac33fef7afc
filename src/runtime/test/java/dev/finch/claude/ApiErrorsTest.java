package dev.finch.claude;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ApiErrorsTest {

  @ParameterizedTest
  @CsvSource({
    "400, invalid_request_error,        ,CLAUDE_REJECTED,     false",
    "400, invalid_request_error, enforced_spend_limit_reached, CLAUDE_SPEND_LIMIT, false",
    "401, authentication_error,         ,CLAUDE_UNAUTHORIZED, false",
    "402, billing_error,                ,CLAUDE_OUT_OF_CREDIT, false",
    "403, permission_error,             ,CLAUDE_FORBIDDEN,    false",
    "404, not_found_error,              ,CLAUDE_NOT_FOUND,    false",
    "409, conflict_error,               ,CLAUDE_OVERLOADED,   true",
    "413, request_too_large,            ,CLAUDE_TOO_LARGE,    false",
    "0,   request_too_large,            ,CLAUDE_TOO_LARGE,    false",
    "429, rate_limit_error,             ,CLAUDE_RATE_LIMITED, true",
    "429, invalid_request_error,        ,CLAUDE_RATE_LIMITED, true",
    "503, invalid_request_error,        ,CLAUDE_OVERLOADED,   true",
    "401, invalid_request_error,        ,CLAUDE_UNAUTHORIZED, false",
    "0,   invalid_request_error,        ,CLAUDE_REJECTED,     false",
    "429, rate_limit_error, ramp_limit_exceeded, CLAUDE_RATE_LIMITED, true",
    "429, rate_limit_error, enforced_spend_limit_reached, CLAUDE_SPEND_LIMIT, false",
    "429, rate_limit_error, contract_spend_limit_reached, CLAUDE_SPEND_LIMIT, false",
    "500, api_error,                    ,CLAUDE_OVERLOADED,   true",
    "529, api_error,                    ,CLAUDE_OVERLOADED,   true",
    "0,   api_error,                    ,CLAUDE_OVERLOADED,   true",
    "408, api_error,                    ,CLAUDE_OVERLOADED,   true",
    "401, api_error,                    ,CLAUDE_UNAUTHORIZED, false",
    "402, api_error,                    ,CLAUDE_OUT_OF_CREDIT, false",
    "403, api_error,                    ,CLAUDE_FORBIDDEN,    false",
    "404, api_error,                    ,CLAUDE_NOT_FOUND,    false",
    "413, api_error,                    ,CLAUDE_TOO_LARGE,    false",
    "422, api_error,                    ,CLAUDE_REJECTED,     false",
    "429, api_error,                    ,CLAUDE_RATE_LIMITED, true",
    "504, timeout_error,                ,CLAUDE_OVERLOADED,   true",
    "529, overloaded_error,             ,CLAUDE_OVERLOADED,   true",
    "0,   overloaded_error,             ,CLAUDE_OVERLOADED,   true",
    "0,   invalid_request_error,        ,CLAUDE_REJECTED,     false",
    "418, brand_new_error,              ,CLAUDE_REJECTED,     false",
    "599, brand_new_error,              ,CLAUDE_OVERLOADED,   true",
  })
  void meansWhatItsCodeThenItsTypeThenItsStatusSay(
      int status, String type, String code, String expected, boolean retryable) {
    Failure failure =
        ApiErrors.failure(status, ClaudeJson.parse(Transcripts.errorBody(type, "Said so", code)));
    assertEquals(expected, failure.code().name());
    assertEquals(retryable, failure.retryable());
    assertNotNull(failure.hint().orElse(null));
    assertTrue(failure.message().contains("Said so"), failure.message());
  }

  @ParameterizedTest
  @CsvSource({
    "401, CLAUDE_UNAUTHORIZED",
    "402, CLAUDE_OUT_OF_CREDIT",
    "403, CLAUDE_FORBIDDEN",
    "404, CLAUDE_NOT_FOUND",
    "408, CLAUDE_OVERLOADED",
    "413, CLAUDE_TOO_LARGE",
    "422, CLAUDE_REJECTED",
    "429, CLAUDE_RATE_LIMITED",
    "502, CLAUDE_OVERLOADED",
    "307, CLAUDE_PROTOCOL",
  })
  void meansWhatItsStatusSaysWithoutABody(int status, String expected) {
    assertEquals(expected, ApiErrors.failure(status, null).code().name());
    assertTrue(ApiErrors.failure(status, null).message().contains("" + status));
  }

  @Test
  void tellsALongPromptAndAnEmptyAccountFromABadRequest() {
    assertEquals("CONTEXT_OVERFLOW", invalid("prompt is too long: 9 tokens > 5 maximum"));
    assertEquals("CLAUDE_OUT_OF_CREDIT", invalid("Your credit balance is too low"));
    assertEquals("CLAUDE_SPEND_LIMIT", invalid("You have reached your specified API usage limits"));
    assertEquals("CLAUDE_REJECTED", invalid("max_tokens: must be positive"));
  }

  @Test
  void readsByHowMuchAPromptIsTooLong() {
    Failure failure =
        ApiErrors.failure(
            400,
            ClaudeJson.parse(
                Transcripts.errorBody(
                    "invalid_request_error",
                    "prompt is too long: 208310 tokens > 200000 maximum",
                    null)));

    assertEquals(FailureCode.CONTEXT_OVERFLOW, failure.code());
    assertEquals(new Failure.Overflow(208_310, 200_000), failure.overflow().orElse(null));
  }

  @Test
  void showsOneShortLineOfWhatWasSaid() {
    JsonNode body =
        ClaudeJson.parse(
            Transcripts.errorBody("api_error", "a\nb\r\u001b[31m" + "x".repeat(999), null));
    String message = ApiErrors.failure(500, body).message();
    assertTrue(message.length() < 400, message);
    assertFalse(message.chars().anyMatch(Character::isISOControl), message);
  }

  private static String invalid(String message) {
    return ApiErrors.failure(
            400, ClaudeJson.parse(Transcripts.errorBody("invalid_request_error", message, null)))
        .code()
        .name();
  }
}
