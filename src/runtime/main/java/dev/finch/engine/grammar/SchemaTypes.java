package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The types of JSON; integers are numbers, too. */
final class SchemaTypes {

  static final List<String> ALL = List.of("object", "array", "string", "number", "boolean", "null");

  private SchemaTypes() {}

  /** The one or more types that the keyword names. */
  static List<String> names(JsonNode types) {
    List<String> names = new ArrayList<>();
    if (types.isArray()) {
      types.forEach(type -> names.add(type.asText()));
    } else {
      names.add(types.asText());
    }
    return names;
  }

  /** The types that both name. */
  static Set<String> common(Collection<String> mine, Collection<String> theirs) {
    Set<String> kept = new LinkedHashSet<>();
    for (String type : mine) {
      if (theirs.contains(type) || (type.equals("integer") && theirs.contains("number"))) {
        kept.add(type);
      } else if (type.equals("number") && theirs.contains("integer")) {
        kept.add("integer");
      }
    }
    return kept;
  }

  static boolean matches(JsonNode value, String type) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "number" -> value.isNumber();
      case "integer" -> value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
      case "boolean" -> value.isBoolean();
      default -> value.isNull();
    };
  }
}
