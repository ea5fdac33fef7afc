package dev.finch.engine.calls;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.inference.Tool;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The tools that an answer may call. Not thread-safe. */
final class OfferedTools {

  private static final int LONGEST_NAME = 256;

  /** Kimi K2 numbers its calls so. */
  private static final Pattern NUMBER = Pattern.compile(":\\d{1,9}$");

  private static final Pattern NAMESPACE = Pattern.compile("^functions?\\.");

  private static final String FUNCTIONS = "functions.";

  private final Map<String, Tool> byName = new HashMap<>();
  private final TreeSet<String> names = new TreeSet<>();
  private final Map<String, JsonNode> schemas = new HashMap<>();

  OfferedTools(List<Tool> tools) {
    tools.forEach(tool -> byName.putIfAbsent(tool.name(), tool));
    names.addAll(byName.keySet());
  }

  /**
   * The name of the tool that is meant.
   *
   * @param onlyOffered whether only an offered tool can be meant
   * @return null where none can
   */
  @Nullable String named(String written, boolean onlyOffered) {
    String name = written.strip();
    if (name.isEmpty() || name.length() > LONGEST_NAME) {
      return null;
    }
    if (byName.containsKey(name)) {
      return name;
    }
    String bare = NAMESPACE.matcher(NUMBER.matcher(name).replaceFirst("")).replaceFirst("");
    if (byName.containsKey(bare)) {
      return bare;
    }
    return onlyOffered ? null : name;
  }

  /** Whether the name of an offered tool begins so, or is this. */
  boolean mayBegin(String beginning) {
    return begins(beginning)
        || (!names.isEmpty() && FUNCTIONS.startsWith(beginning))
        || (beginning.startsWith(FUNCTIONS) && begins(beginning.substring(FUNCTIONS.length())));
  }

  private boolean begins(String beginning) {
    String next = names.ceiling(beginning);
    return next != null && next.startsWith(beginning);
  }

  /** Whether a tool may have such a parameter: it declares it, or does not declare any. */
  boolean takes(String tool, String parameter) {
    JsonNode properties = schema(tool).path("properties");
    return properties.isEmpty() || properties.has(parameter);
  }

  /**
   * The parameter that is meant where a call gives a value and no name: the only one that is
   * declared, or else the only one that is required.
   */
  @Nullable String onlyParameter(String tool) {
    JsonNode properties = schema(tool).path("properties");
    if (properties.size() == 1) {
      return properties.fieldNames().next();
    }
    JsonNode required = schema(tool).path("required");
    String name = required.size() == 1 ? required.path(0).textValue() : null;
    return name != null && properties.has(name) ? name : null;
  }

  /** JSON's names of the types that a parameter may have; empty where nothing is known of it. */
  Set<String> types(String tool, String parameter) {
    JsonNode schema = schema(tool).path("properties").path(parameter);
    Set<String> types = new HashSet<>();
    collect(schema, types);
    for (String choice : List.of("anyOf", "oneOf", "allOf")) {
      schema.path(choice).forEach(each -> collect(each, types));
    }
    return types;
  }

  private static void collect(JsonNode schema, Set<String> types) {
    JsonNode type = schema.path("type");
    if (type.isTextual()) {
      types.add(type.textValue());
    }
    type.forEach(each -> types.add(each.asText()));
    schema.path("enum").forEach(value -> types.add(typeOf(value)));
    if (schema.has("const")) {
      types.add(typeOf(schema.path("const")));
    }
  }

  /** JSON's name of a value's type. */
  static String typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "string";
      case BOOLEAN -> "boolean";
      case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
      case ARRAY -> "array";
      case OBJECT -> "object";
      default -> "null";
    };
  }

  private JsonNode schema(String name) {
    return schemas.computeIfAbsent(
        name,
        _ -> {
          Tool tool = byName.get(name);
          JsonNode parsed = JsonValues.parse(tool == null ? "{}" : tool.parameters());
          return parsed == null ? JsonValues.NOTHING : parsed;
        });
  }
}
