package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of a schema that has few. */
final class FewValues {

  private static final int MOST = 200;

  private FewValues() {}

  /** All values as JSON, or null where they may be many. */
  static @Nullable List<String> of(References references, List<JsonNode> schemas, String path) {
    Conjunction all = new Conjunction(references, path);
    schemas.forEach(schema -> all.add(schema, path));
    List<JsonNode> listed = all.listed();
    if (listed != null) {
      List<String> texts = listed.stream().map(JsonText::canonical).distinct().toList();
      return texts.size() > MOST ? null : listed(listed);
    }
    if (!all.open.isEmpty() || !all.excluded.isEmpty()) {
      return null;
    }
    return switch (String.join(" ", all.types())) {
      case "boolean" -> List.of("true", "false");
      case "integer" -> integers(all.numbers);
      default -> null;
    };
  }

  private static List<String> listed(List<JsonNode> values) {
    List<String> texts = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (JsonNode value : values) {
      if (!seen.contains(JsonText.canonical(value))) {
        seen.add(JsonText.canonical(value));
        texts.add(JsonText.of(value));
      }
    }
    return texts;
  }

  private static @Nullable List<String> integers(NumberBounds bounds) {
    BigDecimal min = bounds.min;
    BigDecimal max = bounds.max;
    if (min == null || max == null || max.subtract(min).compareTo(new BigDecimal(MOST)) > 0) {
      return null;
    }
    List<String> values = new ArrayList<>();
    BigInteger last = max.setScale(0, RoundingMode.FLOOR).toBigInteger();
    BigInteger at = min.setScale(0, RoundingMode.CEILING).toBigInteger();
    for (; at.compareTo(last) <= 0; at = at.add(BigInteger.ONE)) {
      if (bounds.hold(new BigDecimal(at))) {
        values.add(at.toString());
      }
    }
    return values;
  }
}
