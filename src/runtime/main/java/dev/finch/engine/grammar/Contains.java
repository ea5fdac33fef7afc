package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an array's items stand: what {@code contains} asks for comes first behind the items that
 * have places of their own.
 */
record Contains(Conjunction all) {

  /**
   * An array's items.
   *
   * @param others what all further ones must meet, or null where there are none
   */
  record Placed(List<List<JsonNode>> first, @Nullable List<JsonNode> others, Bounds count) {

    String body(ArrayRules rules, String name) {
      return rules.of(first, others, count, name);
    }
  }

  Placed placed(Bounds count) {
    int tuple = all.items.stream().mapToInt(each -> each.first().size()).max().orElse(0);
    List<List<JsonNode>> first = new ArrayList<>();
    for (int i = 0; i < tuple; i++) {
      first.add(new ArrayList<>(all.itemSchemas(i)));
    }
    List<JsonNode> others = others(tuple, count);
    Bounds all = count;
    for (Conjunction.Contained each : this.all.contained) {
      all = place(each, first, others, all);
    }
    for (int i = 0; i < first.size(); i++) {
      if (first.get(i).stream().anyMatch(ObjectRules::isFalse)) {
        return new Placed(first.subList(0, i), null, all);
      }
    }
    return new Placed(first, others, all);
  }

  /** What is not described behind a tuple is left out, where there need not be more. */
  private @Nullable List<JsonNode> others(int tuple, Bounds count) {
    boolean described = all.items.stream().anyMatch(each -> each.others() != null);
    List<JsonNode> others = new ArrayList<>(all.itemSchemas(Integer.MAX_VALUE));
    boolean closed =
        others.stream().anyMatch(ObjectRules::isFalse) || (all.noOtherItems && !described);
    boolean wanted = described || tuple == 0 || count.min() > tuple || !all.contained.isEmpty();
    return closed || !wanted ? null : others;
  }

  private Bounds place(
      Conjunction.Contained contained,
      List<List<JsonNode>> first,
      @Nullable List<JsonNode> others,
      Bounds count) {
    int least = contained.count().min();
    if (least == 0 && contained.count().max() < 0) {
      return count;
    }
    int from = others == null ? 0 : first.size();
    if (count.max() >= 0 && count.max() < from + least) {
      from = 0;
    }
    while (others != null && first.size() < from + least) {
      first.add(new ArrayList<>(others));
    }
    if (first.size() < from + least || least > 100) {
      throw SchemaFault.unsatisfiable(
          contained.path(), "no array has as many such items as it must");
    }
    for (int i = from; i < from + least; i++) {
      first.get(i).add(contained.schema());
    }
    if (contained.count().max() >= 0) {
      ArrayNode ways = JsonNodeFactory.instance.arrayNode();
      Negation.of(all.references(), contained.schema(), contained.path()).forEach(ways::add);
      JsonNode none = JsonNodeFactory.instance.objectNode().set("anyOf", ways);
      for (int i = 0; i < first.size(); i++) {
        if (i < from || i >= from + least) {
          first.get(i).add(none);
        }
      }
      if (others != null) {
        others.add(none);
      }
    }
    return count.and(new Bounds(from + least, Bounds.UNBOUNDED));
  }
}
