package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of Claude's list of models.
 *
 * @param id its name
 * @param line its family, for example {@code haiku}, or null where the list does not say
 * @param lifecycle {@code active}, {@code deprecated} or {@code retired}; active where the list
 *     does not say
 * @param retiresAt when it stops answering, or null
 * @param createdAt when it came out, or the epoch where the list does not say
 * @param maxTokens most tokens of one answer, or 0 where the list does not say
 */
record CloudModel(
    String id,
    @Nullable String line,
    String lifecycle,
    @Nullable Instant retiresAt,
    Instant createdAt,
    int maxTokens) {

  /** The models of a list; entries without an id are left out. */
  static List<CloudModel> list(JsonNode body) {
    List<CloudModel> models = new ArrayList<>();
    for (JsonNode entry : body.path("data")) {
      String id = ClaudeJson.text(entry, "id");
      if (id != null) {
        models.add(of(id, entry));
      }
    }
    return List.copyOf(models);
  }

  boolean active() {
    return lifecycle.equals("active");
  }

  /** Whether it no longer answers, or will not after this moment. */
  boolean goneBy(Instant moment) {
    return lifecycle.equals("retired")
        || (retiresAt != null && !active() && !retiresAt.isAfter(moment));
  }

  private static CloudModel of(String id, JsonNode entry) {
    Instant created = instant(entry, "created_at");
    return new CloudModel(
        id,
        ClaudeJson.text(entry, "line"),
        entry.path("lifecycle").asText("active"),
        instant(entry, "retires_at"),
        created == null ? Instant.EPOCH : created,
        Math.max(0, entry.path("max_tokens").asInt()));
  }

  private static @Nullable Instant instant(JsonNode entry, String field) {
    String text = ClaudeJson.text(entry, field);
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
