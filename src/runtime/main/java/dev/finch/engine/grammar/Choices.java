package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ways in which a keyword that leaves a choice can be met, each as schemas that must be met,
 * too. Together they may have fewer values than the keyword, never others.
 */
record Choices(Conjunction all, Conjunction.Open open) {

  /**
   * Schemas that are met together.
   *
   * @param branches of which no other may be met then, or null
   * @param own which of the branches this is
   */
  record Way(List<JsonNode> schemas, @Nullable JsonNode branches, int own, String path) {

    /** Whether it can be met if others may be met, too. */
    boolean isPossible(Conjunction all) {
      try {
        Conjunction copy = all.copy();
        schemas.forEach(schema -> copy.add(schema, path));
        return true;
      } catch (SchemaFault.UnsatisfiableException e) {
        return false;
      }
    }

    /** A copy of what must be met, with this. */
    Conjunction taken(Conjunction all) {
      Conjunction copy = all.copy();
      schemas.forEach(schema -> copy.add(schema, path));
      // Listed values are looked at one by one.
      for (int i = 0; branches != null && copy.values == null && i < branches.size(); i++) {
        if (i != own && mayMeet(copy, branches.get(i), path)) {
          copy.open.addFirst(new Conjunction.Open("not", branches.get(i), path));
        }
      }
      return copy;
    }
  }

  List<Way> ways() {
    JsonNode value = open.value();
    return switch (open.keyword()) {
      case "anyOf" -> branches(value, false);
      case "oneOf" -> branches(value, true);
      case "not" -> each(Negation.of(all.references(), value, open.path()));
      case "if" -> conditional(value);
      default -> dependent(value);
    };
  }

  private List<Way> branches(JsonNode value, boolean exclusive) {
    List<Way> ways = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      String path = open.path() + "/" + i;
      ways.add(new Way(List.of(value.get(i)), exclusive ? value : null, i, path));
    }
    if (ways.isEmpty()) {
      throw SchemaFault.wrong(open.path(), "it lists nothing (expected: schemas)");
    }
    return ways;
  }

  private List<Way> each(List<JsonNode> schemas) {
    return schemas.stream().map(schema -> way(List.of(schema))).toList();
  }

  private Way way(List<JsonNode> schemas) {
    return new Way(schemas, null, 0, open.path());
  }

  private List<Way> conditional(JsonNode value) {
    JsonNode condition = value.get("if");
    List<Way> ways = new ArrayList<>();
    JsonNode then = value.has("then") ? value.get("then") : BooleanNode.TRUE;
    JsonNode otherwise = value.has("else") ? value.get("else") : BooleanNode.TRUE;
    ways.add(way(List.of(condition, then)));
    try {
      for (JsonNode no : Negation.of(all.references(), condition, open.path() + "/if")) {
        ways.add(way(List.of(no, otherwise)));
      }
    } catch (SchemaFault.UnsatisfiableException e) {
      return ways;
    }
    return ways;
  }

  /** The first name with what depends on it; the others stay open. */
  private List<Way> dependent(JsonNode value) {
    var entries = new ArrayList<>(value.properties());
    if (entries.isEmpty()) {
      return List.of(way(List.of()));
    }
    var first = entries.removeFirst();
    if (!entries.isEmpty()) {
      ObjectNode rest = JsonNodeFactory.instance.objectNode();
      entries.forEach(entry -> rest.set(entry.getKey(), entry.getValue()));
      all.open.addFirst(new Conjunction.Open(open.keyword(), rest, open.path()));
    }
    String name = first.getKey();
    ObjectNode without = JsonNodeFactory.instance.objectNode();
    without.putObject("properties").set(name, BooleanNode.FALSE);
    ObjectNode with = JsonNodeFactory.instance.objectNode();
    with.putArray("required").add(name);
    JsonNode then = first.getValue();
    if (then.isArray()) {
      then = JsonNodeFactory.instance.objectNode().set("required", then);
    }
    return all.required.contains(name)
        ? List.of(way(List.of(then)))
        : List.of(way(List.of(without)), way(List.of(with, then)));
  }

  /** Whether a value that is derived for the first may meet the second; true where not known. */
  private static boolean mayMeet(Conjunction all, JsonNode branch, String path) {
    try {
      Conjunction both = all.copy().add(branch, path);
      List<String> types = both.types();
      if (types.isEmpty() || (both.values != null && both.values.isEmpty())) {
        return false;
      }
      return switch (types.getFirst()) {
        case "object" -> types.size() > 1 || !ObjectRules.areApart(all, both);
        case "string" -> types.size() > 1 || !StringRules.areApart(both);
        default -> true;
      };
    } catch (SchemaFault.UnsatisfiableException e) {
      return false;
    }
  }

  /** Whether no value can be seen to meet all of these. */
  static boolean isNever(References references, List<JsonNode> schemas) {
    try {
      Conjunction all = new Conjunction(references, "");
      schemas.forEach(schema -> all.add(schema, ""));
      List<JsonNode> listed = all.listed();
      return listed != null && listed.isEmpty();
    } catch (SchemaFault.UnsatisfiableException e) {
      return true;
    }
  }
}
