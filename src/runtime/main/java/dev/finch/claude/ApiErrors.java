package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Claude's error responses and error events mean. The error's own code decides first, then its
 * type, then the HTTP status; texts are unstable and are only shown.
 */
final class ApiErrors {

  private static final int SHOWN = 300;
  private static final Pattern TOO_LONG =
      Pattern.compile("too long[^0-9]{0,20}([0-9]{1,15}) tokens? > ([0-9]{1,15})");
  private static final Set<String> SPEND_LIMITS =
      Set.of("enforced_spend_limit_reached", "contract_spend_limit_reached");

  private ApiErrors() {}

  /**
   * The failure of a response, or of an error event.
   *
   * @param status the HTTP status, or 0 for an error event
   * @param body the response's JSON, or null where it was none
   */
  static Failure failure(int status, @Nullable JsonNode body) {
    JsonNode error = body == null ? ClaudeJson.object() : body.path("error");
    String type = Objects.requireNonNullElse(ClaudeJson.text(error, "type"), "");
    String code = ClaudeJson.text(error.path("details"), "error_code");
    String said = said(status, type, ClaudeJson.text(error, "message"));
    if (isSpendLimit(code)) {
      return spendLimit(said);
    }
    return switch (type) {
      case "invalid_request_error" -> invalidRequest(status, said, error.path("message").asText());
      case "authentication_error" -> unauthorized(said);
      case "billing_error" -> outOfCredit(said);
      case "permission_error" -> forbidden(said);
      case "not_found_error" -> notFound(said);
      case "request_too_large" -> tooManyBytes(said);
      case "rate_limit_error" -> rateLimited(said);
      case "timeout_error", "overloaded_error", "conflict_error" -> troubled(said);
      // It says nothing but that it failed: gateways put it on what they refuse.
      default -> byStatus(status, said);
    };
  }

  /** Whether the error says that no more may be spent, so that no retry can help. */
  static boolean isSpendLimit(@Nullable JsonNode body) {
    JsonNode error = body == null ? ClaudeJson.object() : body.path("error");
    return isSpendLimit(ClaudeJson.text(error.path("details"), "error_code"))
        || "billing_error".equals(ClaudeJson.text(error, "type"));
  }

  private static boolean isSpendLimit(@Nullable String code) {
    return code != null && SPEND_LIMITS.contains(code);
  }

  private static Failure byStatus(int status, String said) {
    return switch (status) {
      case 401 -> unauthorized(said);
      case 402 -> outOfCredit(said);
      case 403 -> forbidden(said);
      case 404 -> notFound(said);
      case 408, 409 -> troubled(said);
      case 413 -> tooManyBytes(said);
      case 429 -> rateLimited(said);
      case 0 -> troubled(said);
      default -> status >= 500 ? troubled(said) : status >= 400 ? rejected(said) : unexpected(said);
    };
  }

  /** Gateways put this type on all that they refuse; then the status tells more. */
  private static Failure invalidRequest(int status, String said, String message) {
    String text = message.toLowerCase(Locale.ROOT);
    if (text.contains("prompt is too long")) {
      return withNumbers(tooLarge(said), text);
    }
    if (text.contains("credit balance")) {
      return outOfCredit(said);
    }
    if (text.contains("usage limits")) {
      return spendLimit(said);
    }
    return status == 0 ? rejected(said) : byStatus(status, said);
  }

  /** Claude says by how much: "prompt is too long: 208310 tokens &gt; 200000 maximum". */
  private static Failure withNumbers(Failure tooLarge, String text) {
    Matcher numbers = TOO_LONG.matcher(text);
    return numbers.find()
        ? tooLarge.overflow(Long.parseLong(numbers.group(1)), Long.parseLong(numbers.group(2)))
        : tooLarge;
  }

  private static Failure rejected(String said) {
    return Failure.permanent(
        FailureCode.CLAUDE_REJECTED, said, "Change the request; the same one will be refused.");
  }

  private static Failure unauthorized(String said) {
    return Failure.permanent(
        FailureCode.CLAUDE_UNAUTHORIZED, said, "Check ANTHROPIC_API_KEY: Claude refuses the key.");
  }

  private static Failure forbidden(String said) {
    return Failure.permanent(
        FailureCode.CLAUDE_FORBIDDEN,
        said,
        "The key may not use this model or feature; choose another model in finch.cloud.model.");
  }

  private static Failure notFound(String said) {
    return Failure.permanent(
        FailureCode.CLAUDE_NOT_FOUND,
        said,
        "Check finch.cloud.model and finch.cloud.endpoint: one of them does not exist there.");
  }

  private static Failure tooLarge(String said) {
    return Failure.permanent(
        FailureCode.CONTEXT_OVERFLOW, said, "Shorten the conversation or start a new one.");
  }

  private static Failure tooManyBytes(String said) {
    return Failure.permanent(
        FailureCode.CLAUDE_TOO_LARGE,
        said,
        "Send fewer or smaller images and files, or shorten the conversation.");
  }

  private static Failure rateLimited(String said) {
    return Failure.passing(FailureCode.CLAUDE_RATE_LIMITED, said, "Ask again in a while.");
  }

  private static Failure spendLimit(String said) {
    return Failure.permanent(
        FailureCode.CLAUDE_SPEND_LIMIT,
        said,
        "Raise the spend limit at console.anthropic.com, and start Finch again to use it at once; a"
            + " monthly limit ends on the 1st at 00:00 UTC.");
  }

  /** Credit is paid ahead and comes back when it is paid for, not when a month ends. */
  private static Failure outOfCredit(String said) {
    return Failure.permanent(
        FailureCode.CLAUDE_OUT_OF_CREDIT,
        said,
        "Pay the account at console.anthropic.com; Finch then finds out within minutes.");
  }

  private static Failure troubled(String said) {
    return Failure.passing(
        FailureCode.CLAUDE_OVERLOADED, said, "Claude has trouble; ask again in a while.");
  }

  private static Failure unexpected(String said) {
    return Failure.permanent(
        FailureCode.CLAUDE_PROTOCOL,
        said,
        "Check finch.cloud.endpoint: what answers there does not speak the Messages API.");
  }

  private static String said(int status, String type, @Nullable String message) {
    StringBuilder said = new StringBuilder("Claude answered with ");
    said.append(status == 0 ? "an error" : "status " + status);
    if (!type.isEmpty()) {
      said.append(" (").append(shortened(type)).append(')');
    }
    if (message != null && !message.isBlank()) {
      said.append(": ").append(shortened(message.strip()));
    }
    return said.charAt(said.length() - 1) == '.' ? said.toString() : said.append('.').toString();
  }

  private static String shortened(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
  }
}
