package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arrays of a schema. */
record ArrayRules(SchemaReader reader, Rules rules, JsonRules json) {

  private static final int LONGEST = 1_000;

  String body(ObjectNode schema, String hint, String path) {
    boolean tuple = schema.path("items").isArray(); // as drafts before 2020 write prefixItems
    JsonNode prefix = tuple ? schema.get("items") : schema.path("prefixItems");
    JsonNode items = tuple ? schema.get("additionalItems") : schema.get("items");
    int min = schema.path("minItems").asInt(0);
    int max = schema.path("maxItems").asInt(LONGEST);
    boolean bounded = schema.has("maxItems");
    List<String> first = new ArrayList<>();
    for (JsonNode item : prefix) {
      if (first.size() < max) {
        first.add(item(item, hint, path + "/prefixItems/" + first.size()));
      }
    }
    boolean closed = items != null && items.isBoolean() && !items.booleanValue();
    boolean needsMore = min > first.size();
    if (max < min || (closed && needsMore) || min > LONGEST) {
      throw SchemaFault.wrong(path, "no array has at least %d of its items".formatted(min));
    }
    // What may follow a tuple and is not described is left out.
    boolean more = !closed && (first.isEmpty() || items != null || needsMore);
    String rest =
        more && max > first.size()
            ? item(items == null ? BooleanNode.TRUE : items, hint, path + "/items")
            : null;
    String space = json.space();
    String inside = inside(first, rest, min, bounded ? Math.min(max, LONGEST) : -1);
    String all = inside + " " + space;
    return rules.define(
        hint + "-array", "\"[\" " + space + " " + (min > 0 ? all : "(" + all + ")?") + " \"]\"");
  }

  private String item(JsonNode schema, String hint, String path) {
    return rules.define(hint + "-item", reader.body(schema, hint + "-item", path));
  }

  /** At least one item; between them commas. */
  private String inside(List<String> first, @Nullable String rest, int min, int max) {
    String comma = "\",\" " + json.space() + " ";
    if (first.isEmpty()) {
      return rest == null
          ? "\"\""
          : rest + repeated(comma + rest, Math.max(0, min - 1), max - 1, max);
    }
    String tail =
        rest == null
            ? ""
            : " "
                + repeated(comma + rest, Math.max(0, min - first.size()), max - first.size(), max);
    for (int i = first.size() - 1; i > 0; i--) {
      String next = comma + first.get(i) + tail;
      tail = i < min ? " " + next : " (" + next + ")?";
    }
    return first.getFirst() + tail;
  }

  private static String repeated(String body, int min, int max, int limit) {
    if (limit >= 0 && max <= 0) {
      return "";
    }
    return " (" + body + "){" + min + "," + (limit < 0 ? "" : max) + "}";
  }
}
