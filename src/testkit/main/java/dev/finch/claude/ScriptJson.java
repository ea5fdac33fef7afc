package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** The JSON of what is scripted. Thread-safe. */
final class ScriptJson {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ScriptJson() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** The value in these bytes, or an empty object where they are not JSON. */
  static JsonNode parse(byte[] bytes) {
    try {
      return MAPPER.readTree(bytes);
    } catch (IOException e) {
      return object();
    }
  }
}
