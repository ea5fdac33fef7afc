package dev.finch.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long Ollama's clients want a model kept after an answer: seconds as a number, or a duration
 * of Go's such as {@code 5m} (ollama/ollama, api/types.go, {@code Duration.UnmarshalJSON}). What
 * Finch keeps of it is the end: nought, in whatever form, unloads the model; how long it is kept
 * otherwise is {@code finch.engine.keep-alive}'s to say.
 */
final class KeepAlive {

  private static final String FIELD = "keep_alive";

  /** Go, package time, ParseDuration: a sign, then numbers each with a unit, or a bare 0. */
  private static final Pattern DURATION =
      Pattern.compile("[-+]?(?:0|(?:(?:\\d+\\.?\\d*|\\.\\d+)(?:ns|us|µs|μs|ms|s|m|h))+)");

  private static final Pattern DIGIT = Pattern.compile("[1-9]");
  private static final int LONGEST = 64;

  private KeepAlive() {}

  /**
   * Whether the model is to be unloaded; a value that is no duration is a bad request.
   *
   * @param body a request of Ollama's dialect
   */
  static boolean unloads(Body body) {
    JsonNode value = body.raw(FIELD);
    if (value == null) {
      return false;
    }
    if (value.isNumber()) {
      return value.doubleValue() == 0;
    }
    if (value.isTextual() && value.textValue().length() <= LONGEST) {
      Matcher duration = DURATION.matcher(value.textValue());
      if (duration.matches()) {
        return !DIGIT.matcher(value.textValue()).find();
      }
    }
    throw body.wrong(FIELD, "seconds, or a duration such as 5m, 0 or -1s");
  }
}
