package dev.finch.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Models as Anthropic's clients read them, a page at a time where they ask for pages (<a
 * href="https://docs.anthropic.com/en/api/models-list">List Models</a>: {@code limit} of 1 to 1000,
 * {@code after_id}, {@code before_id}). Without a limit all come at once, since there are few.
 */
final class AnthropicModels {

  private static final int MOST = 1000;

  private AnthropicModels() {}

  static ObjectNode one(String id) {
    return Json.object()
        .put("type", "model")
        .put("id", id)
        .put("display_name", id)
        .put("created_at", "1970-01-01T00:00:00Z");
  }

  static ObjectNode page(Call call, List<String> ids) {
    return page(ids, call.query("limit"), call.query("after_id"), call.query("before_id"));
  }

  /** The models before one are the nearest to it, in the order of all. */
  static ObjectNode page(
      List<String> ids, @Nullable String limit, @Nullable String after, @Nullable String before) {
    if (after != null && before != null) {
      throw Refusals.badRequest("after_id and before_id: both (expected: one of them).");
    }
    int most = limit == null ? Integer.MAX_VALUE : limit(limit);
    int from = after == null ? 0 : place(ids, "after_id", after) + 1;
    int to = before == null ? ids.size() : place(ids, "before_id", before);
    boolean more = to - from > most;
    if (more && before == null) {
      to = from + most;
    } else if (more) {
      from = to - most;
    }
    List<String> page = ids.subList(from, to);
    ObjectNode body = Json.object();
    ArrayNode data = body.putArray("data");
    page.forEach(id -> data.add(one(id)));
    body.put("has_more", more).put("first_id", page.isEmpty() ? null : page.getFirst());
    return body.put("last_id", page.isEmpty() ? null : page.getLast());
  }

  private static int place(List<String> ids, String field, String id) {
    int place = ids.indexOf(id);
    if (place < 0) {
      throw Refusals.badRequest(
          field + ": " + Replies.ascii(id) + " (expected: the id of a model in the list).");
    }
    return place;
  }

  private static int limit(String text) {
    if (text.matches("[0-9]{1,4}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MOST) {
        return limit;
      }
    }
    throw Refusals.badRequest("limit: " + Replies.ascii(text) + " (expected: 1 to " + MOST + ").");
  }
}
