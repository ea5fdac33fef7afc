package dev.finch.engine.calls;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is meant by arguments that came whole: an object is one, and so is a text that holds one.
 * Where a tool has one parameter, models write its value alone, or in a list.
 */
final class GivenArguments {

  private GivenArguments() {}

  /**
   * The arguments as an object.
   *
   * @param value JSON
   * @return JSON, or null where these are no arguments of this tool
   */
  static @Nullable String of(OfferedTools tools, String tool, CharSequence value) {
    String object = JsonValues.arguments(value);
    JsonNode node = object == null ? JsonValues.parse(value) : null;
    return node == null ? object : of(tools, tool, node, JsonValues.safe(value).strip());
  }

  private static @Nullable String of(OfferedTools tools, String tool, JsonNode node, String json) {
    String parameter = tools.onlyParameter(tool);
    Set<String> types = parameter == null ? Set.of() : tools.types(tool, parameter);
    if (node.isArray() && node.size() == 1 && !types.contains("array")) {
      String item = json.substring(1, json.length() - 1).strip();
      return node.get(0).isObject() && !types.contains("object")
          ? item
          : member(parameter, types, node.get(0), item);
    }
    return member(parameter, types, node, json);
  }

  private static @Nullable String member(
      @Nullable String parameter, Set<String> types, JsonNode node, String json) {
    String type = OfferedTools.typeOf(node);
    boolean right =
        types.contains(type)
            || (type.equals("integer") && types.contains("number"))
            || (types.isEmpty() && node.isValueNode());
    return parameter == null || !right
        ? null
        : "{" + JsonValues.quoted(parameter) + ": " + json + "}";
  }
}
