package dev.finch.engine.grammar;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.finch.inference.Tool;

/**
 * The schema of a tool's arguments, which are an object whatever the tool says of them: OpenAI's
 * API takes a function without parameters for one with an empty list of them, and Anthropic's wants
 * an object. So no parameters, or a schema that names no type, mean an object.
 */
final class ArgumentsSchema {

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String ANY_OBJECT = "{\"type\":\"object\"}";
  private static final TextNode OBJECT = TextNode.valueOf("object");

  private ArgumentsSchema() {}

  static String of(Tool tool) {
    if (tool.parameters().isBlank()) {
      return ANY_OBJECT;
    }
    JsonNode schema;
    try {
      schema = MAPPER.readTree(tool.parameters());
    } catch (JsonProcessingException e) {
      // Who reads the schema says what is wrong with it.
      return tool.parameters();
    }
    if (schema.isNull() || (schema.isBoolean() && schema.booleanValue())) {
      return ANY_OBJECT;
    }
    if (!(schema instanceof ObjectNode object)) {
      return tool.parameters();
    }
    JsonNode type = object.get("type");
    if (OBJECT.equals(type)) {
      return tool.parameters();
    }
    if (type != null && !type.isNull() && !names(type)) {
      if (!Boolean.TRUE.equals(tool.strict())) {
        // The schema of a tool that is not strict is a hint, and this one cannot be one.
        return ANY_OBJECT;
      }
      throw SchemaFault.wrong(
          "", "the parameters of '" + tool.name() + "' are of type " + type + ", not an object");
    }
    return object.set("type", OBJECT).toString();
  }

  private static boolean names(JsonNode types) {
    for (JsonNode type : types) {
      if (OBJECT.equals(type)) {
        return true;
      }
    }
    return false;
  }
}
