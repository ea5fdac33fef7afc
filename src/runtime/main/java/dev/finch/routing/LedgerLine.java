package dev.finch.routing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.inference.TokenUsage;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the ledger. A request is written down twice: before a byte of it leaves, with the
 * most it can use, and when it has ended, with what it used. A line holds nothing of what was said.
 */
sealed interface LedgerLine {

  /** What both lines of a request say. */
  record Subject(
      String entry,
      Instant openedAt,
      String requestId,
      @Nullable String conversationId,
      String model,
      String reason) {}

  Subject subject();

  /** The request is about to go out. */
  record Opened(Subject subject, long mostTokens, long mostMicroDollars) implements LedgerLine {}

  /** The request has ended. */
  record Closed(Subject subject, Instant at, Settlement settlement) implements LedgerLine {}

  /**
   * What a request came to.
   *
   * @param model the model that answered, or was asked where none did
   * @param bytesOut bytes sent
   * @param bytesIn bytes received
   * @param usage tokens
   * @param microDollars what they cost; 0 where the price is not known
   * @param estimated whether a bound was taken for want of the provider's own count
   * @param outcome a finish reason such as {@code STOP}, or a failure's code
   * @param upstreamRequestId the other side's name for it, or null
   */
  record Settlement(
      String model,
      long bytesOut,
      long bytesIn,
      TokenUsage usage,
      long microDollars,
      boolean estimated,
      String outcome,
      @Nullable String upstreamRequestId) {}

  ObjectMapper JSON = new ObjectMapper();

  long MOST = 1_000_000_000_000_000L;

  /** The line as it is written, without its end. */
  default String toJson() {
    ObjectNode node = JSON.createObjectNode();
    node.put("event", this instanceof Opened ? "opened" : "closed");
    node.put("entry", subject().entry());
    node.put("opened", subject().openedAt().toString());
    node.put("request", subject().requestId());
    if (subject().conversationId() != null) {
      node.put("conversation", subject().conversationId());
    }
    node.put(
        "model", this instanceof Closed closed ? closed.settlement.model() : subject().model());
    node.put("reason", subject().reason());
    switch (this) {
      case Opened opened -> {
        node.put("most_tokens", opened.mostTokens());
        node.put("most_micro_dollars", opened.mostMicroDollars());
      }
      case Closed closed -> put(node, closed);
    }
    return node.toString();
  }

  private static void put(ObjectNode node, Closed closed) {
    Settlement settlement = closed.settlement();
    node.put("closed", closed.at().toString());
    node.put("bytes_out", settlement.bytesOut());
    node.put("bytes_in", settlement.bytesIn());
    node.put("prompt_tokens", settlement.usage().promptTokens());
    node.put("cached_tokens", settlement.usage().cachedTokens());
    node.put("cache_write_tokens", settlement.usage().cacheWriteTokens());
    if (settlement.usage().longCacheWriteTokens() > 0) {
      node.put("cache_write_1h_tokens", settlement.usage().longCacheWriteTokens());
    }
    node.put("completion_tokens", settlement.usage().completionTokens());
    node.put("micro_dollars", settlement.microDollars());
    node.put("estimated", settlement.estimated());
    node.put("outcome", settlement.outcome());
    if (settlement.upstreamRequestId() != null) {
      node.put("upstream", settlement.upstreamRequestId());
    }
  }

  /** The line, or null where the text is none: cut short, or somebody else's. */
  static @Nullable LedgerLine parse(String text) {
    try {
      JsonNode node = JSON.readTree(text);
      if (!node.isObject() || !node.hasNonNull("entry") || !node.hasNonNull("opened")) {
        return null;
      }
      Subject subject =
          new Subject(
              node.path("entry").asText(),
              Instant.parse(node.path("opened").asText()),
              node.path("request").asText(),
              node.hasNonNull("conversation") ? node.path("conversation").asText() : null,
              node.path("model").asText(),
              node.path("reason").asText());
      return switch (node.path("event").asText()) {
        case "opened" ->
            new Opened(subject, amount(node, "most_tokens"), amount(node, "most_micro_dollars"));
        case "closed" -> closed(node, subject);
        default -> null;
      };
    } catch (JsonProcessingException | DateTimeException e) {
      return null;
    }
  }

  /** What a line may say: nothing negative, and no more than a quadrillion. */
  static long amount(JsonNode node, String field) {
    JsonNode value = node.path(field);
    boolean beyond = value.isBigInteger() && !value.canConvertToLong();
    return beyond ? MOST : Math.clamp(value.asLong(), 0, MOST);
  }

  private static Closed closed(JsonNode node, Subject subject) {
    return new Closed(
        subject,
        Instant.parse(node.path("closed").asText()),
        new Settlement(
            subject.model(),
            amount(node, "bytes_out"),
            amount(node, "bytes_in"),
            new TokenUsage(
                amount(node, "prompt_tokens"),
                amount(node, "cached_tokens"),
                amount(node, "completion_tokens"),
                0,
                amount(node, "cache_write_tokens"),
                amount(node, "cache_write_1h_tokens")),
            amount(node, "micro_dollars"),
            node.path("estimated").asBoolean(),
            node.path("outcome").asText(),
            node.hasNonNull("upstream") ? node.path("upstream").asText() : null));
  }
}
