package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arrays of a schema: the first items, then as many others as there may be. */
record ArrayRules(SchemaReader reader, Rules rules, JsonRules json, Conjunction all) {

  private static final int LONGEST = 1_000;

  String body(List<JsonNode> excluded, String name) {
    Bounds count = all.itemCount;
    for (JsonNode value : excluded) {
      if (!value.isEmpty()) {
        throw Conjunction.undecided(all.path, "an array is excluded, which cannot be kept");
      }
      count = count.and(new Bounds(1, Bounds.UNBOUNDED));
    }
    if (count.min() > LONGEST) {
      throw SchemaFault.wrong(
          all.path,
          "minItems is %,d%s (expected: at most %,d)"
              .formatted(count.min(), count.min() == Integer.MAX_VALUE ? " or more" : "", LONGEST));
    }
    return new Contains(all).placed(count).body(this, name);
  }

  /** Derives arrays of these. */
  String of(
      List<List<JsonNode>> first, @Nullable List<JsonNode> others, Bounds count, String name) {
    if (count.isEmpty() || (others == null && count.min() > first.size())) {
      throw SchemaFault.unsatisfiable(
          all.path, "no array has at least %d of its items".formatted(count.min()));
    }
    int max = count.max();
    if (all.unique) {
      DistinctItems distinct = DistinctItems.of(this, first, others, count);
      if (distinct != null && distinct.isWritten()) {
        return rules.define(name + "-array", brackets(distinct.body(name)));
      }
      max = distinct == null ? max : distinct.most();
    }
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < first.size() && (max < 0 || i < max); i++) {
      bodies.add(item(first.get(i), name, where(i)));
    }
    boolean more = max < 0 || max > bodies.size();
    String rest = others != null && more ? item(others, name, where(first.size())) : null;
    // What may be the end is left out where an item cannot be met.
    String inside = inside(bodies, rest, count.min(), max < 0 ? -1 : Math.min(max, LONGEST));
    String body = brackets(count.min() > 0 ? inside : "(" + inside + ")?");
    return all.unique
        ? rules.defineDistinct(name + "-array", body)
        : rules.define(name + "-array", body);
  }

  private String brackets(String inside) {
    return "\"[\" %s %s %s \"]\"".formatted(json.space(), inside, json.space());
  }

  private String where(int index) {
    for (Conjunction.Items each : all.items) {
      if (index < each.first().size()) {
        return each.path() + "/prefixItems/" + index;
      }
      if (each.others() != null) {
        return each.path() + "/items";
      }
    }
    return all.path;
  }

  private String item(List<JsonNode> schemas, String name, String where) {
    return reader.after(
        all.unique && mayBeDecimal(schemas) ? plain(schemas) : schemas, name + "-item", where);
  }

  private boolean mayBeDecimal(List<JsonNode> schemas) {
    try {
      Conjunction item = new Conjunction(all.references(), all.path);
      schemas.forEach(schema -> item.add(schema, all.path));
      return item.types == null || item.types.contains("number");
    } catch (SchemaFault.UnsatisfiableException e) {
      return false;
    }
  }

  /** A number that is 2 could be only 2.0 or 2.00 where there was a 2, which is the same. */
  private static List<JsonNode> plain(List<JsonNode> schemas) {
    List<JsonNode> all = new ArrayList<>(schemas);
    all.add(JsonNodeFactory.instance.objectNode().put(SchemaKeywords.PLAIN, true));
    return all;
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
      String next = comma + first.get(i) + (tail.isBlank() ? "" : " " + rules.define("more", tail));
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
