package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.finch.failure.FinchException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a schema that has few: listed ones, bounded numbers, texts of a finite pattern, and
 * objects and arrays of such. What is not derived elsewhere, as members that the schema does not
 * mention, is no value here either.
 */
final class FiniteValues {

  /** More items than an array has that is derived. */
  static final int MOST = 1_000;

  private static final int MAX_DEPTH = 20;
  private static final int MOST_SCHEMAS = 2_000;

  private final References references;
  private final String path;
  private int schemas;

  private FiniteValues(References references, String path) {
    this.references = references;
    this.path = path;
  }

  /** All values, or null where they may be many or none can be found. */
  static @Nullable List<JsonNode> of(References references, List<JsonNode> schemas, String path) {
    try {
      return new FiniteValues(references, path).of(schemas, 0);
    } catch (Automaton.TooLargeException | SchemaFault.UnsatisfiableException | FinchException e) {
      return null; // what is the matter is said where the schema itself is derived
    }
  }

  private @Nullable List<JsonNode> of(List<JsonNode> demanded, int depth) {
    Conjunction all = new Conjunction(references, path);
    demanded.forEach(schema -> all.add(schema, path));
    return of(all, depth);
  }

  private @Nullable List<JsonNode> of(Conjunction all, int depth) {
    schemas++;
    if (depth > MAX_DEPTH || schemas > MOST_SCHEMAS) {
      return null;
    }
    List<JsonNode> listed = all.listed();
    List<JsonNode> values = listed == null ? candidates(all, depth) : listed;
    if (values == null) {
      return null;
    }
    SchemaCheck check = new SchemaCheck(references);
    Map<String, JsonNode> different = new LinkedHashMap<>();
    for (JsonNode value : values) {
      if (all.sources.stream().allMatch(source -> check.accepts(source, value, path))) {
        different.putIfAbsent(JsonLiterals.canonical(value), value);
      }
    }
    return different.size() > MOST ? null : List.copyOf(different.values());
  }

  /** All values and perhaps some that do not meet what is open or excluded. */
  private @Nullable List<JsonNode> candidates(Conjunction all, int depth) {
    List<JsonNode> values = new ArrayList<>();
    for (Conjunction.Open open : all.open) {
      if (open.keyword().equals("anyOf") || open.keyword().equals("oneOf")) {
        return branches(all, open, depth);
      }
    }
    for (String type : all.types()) {
      List<? extends JsonNode> some =
          switch (type) {
            case "null" -> List.of(NullNode.getInstance());
            case "boolean" -> List.of(BooleanNode.TRUE, BooleanNode.FALSE);
            case "integer" -> multiples(all.numbers, BigDecimal.ONE);
            case "number" -> numbers(all.numbers);
            case "string" -> texts(all);
            case "array" -> arrays(all, depth);
            default -> objects(all, depth);
          };
      if (some == null) {
        return null;
      }
      values.addAll(some);
    }
    return values;
  }

  private @Nullable List<JsonNode> branches(Conjunction all, Conjunction.Open open, int depth) {
    List<JsonNode> values = new ArrayList<>();
    for (JsonNode branch : open.value()) {
      try {
        Conjunction copy = all.copy();
        copy.open.remove(open);
        List<JsonNode> some = of(copy.add(branch, path), depth + 1);
        if (some == null) {
          return null;
        }
        values.addAll(some);
      } catch (SchemaFault.UnsatisfiableException _) {
        // Nothing meets this one.
      }
    }
    return values;
  }

  private static @Nullable List<JsonNode> numbers(NumberBounds bounds) {
    BigDecimal step = BigDecimal.ZERO;
    for (BigDecimal each : bounds.multiples) {
      step = step.max(each);
    }
    BigDecimal min = bounds.min;
    if (step.signum() == 0) {
      return min != null && bounds.max != null && min.compareTo(bounds.max) == 0
          ? List.of(DecimalNode.valueOf(new BigDecimal(min.toPlainString())))
          : null;
    }
    return multiples(bounds, step);
  }

  private static @Nullable List<JsonNode> multiples(NumberBounds bounds, BigDecimal step) {
    BigDecimal min = bounds.min;
    BigDecimal max = bounds.max;
    if (min == null || max == null) {
      return null;
    }
    BigInteger last = max.divide(step, 0, RoundingMode.FLOOR).toBigInteger();
    BigInteger at = min.divide(step, 0, RoundingMode.CEILING).toBigInteger();
    if (last.subtract(at).compareTo(BigInteger.valueOf(MOST)) > 0) {
      return null;
    }
    List<JsonNode> values = new ArrayList<>();
    for (; at.compareTo(last) <= 0; at = at.add(BigInteger.ONE)) {
      BigDecimal number = step.multiply(new BigDecimal(at)).stripTrailingZeros();
      if (bounds.hold(number)) {
        values.add(DecimalNode.valueOf(new BigDecimal(number.toPlainString())));
      }
    }
    return values;
  }

  private @Nullable List<JsonNode> texts(Conjunction all) {
    List<JsonNode> values = new ArrayList<>();
    List<String> texts = StringRules.few(all, MOST);
    if (texts == null || texts.isEmpty()) {
      return null; // where a pattern and a format exclude each other, others are derived
    }
    texts.forEach(text -> values.add(TextNode.valueOf(text)));
    return values;
  }

  private @Nullable List<JsonNode> arrays(Conjunction all, int depth) {
    Contains.Placed placed = new Contains(all).placed(all.itemCount);
    List<JsonNode> others = placed.others();
    List<JsonNode> rest = others == null ? List.of() : of(others, depth + 1);
    if (rest == null) {
      return null;
    }
    int tuple = placed.first().size();
    int most = rest.isEmpty() ? tuple : all.unique ? tuple + rest.size() : Integer.MAX_VALUE;
    most = Math.min(most, placed.count().max() < 0 ? most : placed.count().max());
    List<JsonNode> values = new ArrayList<>();
    List<ArrayNode> longer = List.of(JsonNodeFactory.instance.arrayNode());
    for (int i = 0; ; i++) {
      if (i >= placed.count().min()) {
        values.addAll(longer);
      }
      if (i >= most || longer.isEmpty()) {
        return values;
      }
      List<JsonNode> next = i < tuple ? of(placed.first().get(i), depth + 1) : rest;
      if (next == null || i > MOST || (long) longer.size() * next.size() + values.size() > MOST) {
        return null;
      }
      longer = appended(longer, next, all.unique);
    }
  }

  private static List<ArrayNode> appended(
      List<ArrayNode> arrays, List<JsonNode> items, boolean unique) {
    List<ArrayNode> longer = new ArrayList<>();
    for (ArrayNode array : arrays) {
      List<String> texts = new ArrayList<>();
      array.forEach(item -> texts.add(JsonLiterals.canonical(item)));
      for (JsonNode item : items) {
        if (!unique || !texts.contains(JsonLiterals.canonical(item))) {
          longer.add(array.deepCopy().add(item));
        }
      }
    }
    return longer;
  }

  private @Nullable List<JsonNode> objects(Conjunction all, int depth) {
    Collection<String> names = ObjectRules.all(all);
    if (ObjectRules.derivesOthers(all) || names.size() < all.memberCount.min()) {
      return null;
    }
    List<ObjectNode> objects = List.of(JsonNodeFactory.instance.objectNode());
    for (String name : names) {
      List<JsonNode> values;
      try {
        values = of(all.memberSchemas(name), depth + 1);
      } catch (SchemaFault.UnsatisfiableException e) {
        values = List.of();
      }
      boolean optional = !all.required.contains(name);
      if (values == null || (long) objects.size() * (values.size() + 1) > MOST) {
        return null;
      }
      List<ObjectNode> more = new ArrayList<>(optional ? objects : List.of());
      for (ObjectNode object : objects) {
        values.forEach(value -> more.add(object.deepCopy().set(name, value)));
      }
      objects = more;
    }
    return List.copyOf(objects);
  }
}
