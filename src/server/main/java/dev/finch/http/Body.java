package dev.finch.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.failure.FinchException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object of a request, read strictly: a value of the wrong type is a bad request that
 * names the field. JSON {@code null} is the same as an absent field.
 */
final class Body {

  private final ObjectNode node;
  private final String path;

  private Body(ObjectNode node, String path) {
    this.node = node;
    this.path = path;
  }

  static Body of(ObjectNode node) {
    return new Body(node, "");
  }

  /** Reads a whole request body; an empty one is an empty object. */
  static Body parse(ByteBuffer bytes) {
    if (!bytes.hasRemaining()) {
      return new Body(JsonNodeFactory.instance.objectNode(), "");
    }
    try {
      String decoded = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      // RFC 8259, section 8.1: a byte order mark may be ignored.
      String text = decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded;
      if (Json.read(text) instanceof ObjectNode object) {
        return new Body(object, "");
      }
      throw Refusals.badRequest("The body is not a JSON object.");
    } catch (CharacterCodingException e) {
      throw Refusals.badRequest("The body is not valid UTF-8.");
    } catch (StreamConstraintsException e) {
      throw Refusals.badRequest("The body is JSON beyond a bound: " + Json.beyond(e) + ".");
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      String where =
          at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      String twice = Json.fieldGivenTwice(e);
      throw Refusals.badRequest(
          twice == null
              ? "The body is not valid JSON" + where + "."
              : "The body has the field '" + twice + "' twice in one object" + where + ".");
    }
  }

  ObjectNode node() {
    return node;
  }

  boolean has(String field) {
    return raw(field) != null;
  }

  /** The value as it stands, or null. */
  @Nullable JsonNode raw(String field) {
    JsonNode value = node.get(field);
    return value == null || value.isNull() ? null : value;
  }

  @Nullable String text(String field) {
    JsonNode value = raw(field);
    if (value == null || value.isTextual()) {
      return value == null ? null : value.textValue();
    }
    throw wrong(field, "a string");
  }

  String text(String field, String fallback) {
    String value = text(field);
    return value == null ? fallback : value;
  }

  String requiredText(String field) {
    String value = text(field);
    if (value == null) {
      throw Refusals.badRequest(path + field + " is missing (expected: a string).");
    }
    return value;
  }

  @Nullable Double number(String field) {
    JsonNode value = raw(field);
    if (value == null || value.isNumber()) {
      return value == null ? null : Double.valueOf(value.doubleValue());
    }
    throw wrong(field, "a number");
  }

  @Nullable Integer integer(String field) {
    JsonNode value = raw(field);
    if (value == null) {
      return null;
    }
    if (value.isNumber() && value.canConvertToExactIntegral() && value.canConvertToInt()) {
      return value.intValue();
    }
    throw wrong(field, wholeNumber(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
  }

  /** A number that is whole fails for its size. */
  private static String wholeNumber(JsonNode value, long least, long most) {
    return value.isNumber() && value.canConvertToExactIntegral()
        ? "a whole number from " + least + " to " + most
        : "a whole number";
  }

  @Nullable Long longInteger(String field) {
    JsonNode value = raw(field);
    if (value == null) {
      return null;
    }
    if (value.isNumber() && value.canConvertToExactIntegral() && value.canConvertToLong()) {
      return value.longValue();
    }
    throw wrong(field, wholeNumber(value, Long.MIN_VALUE, Long.MAX_VALUE));
  }

  boolean flag(String field, boolean fallback) {
    JsonNode value = raw(field);
    if (value == null || value.isBoolean()) {
      return value == null ? fallback : value.booleanValue();
    }
    throw wrong(field, "true or false");
  }

  /** An object, or null where absent. */
  @Nullable Body object(String field) {
    JsonNode value = raw(field);
    if (value == null) {
      return null;
    }
    if (value instanceof ObjectNode object) {
      return new Body(object, path + field + ".");
    }
    throw wrong(field, "an object");
  }

  /** A list of objects; empty where absent. */
  List<Body> objects(String field) {
    return objects(field, "an array of objects");
  }

  /** As {@link #objects}, where the field is no string, which it may be too. */
  List<Body> parts(String field) {
    return objects(field, "a string or an array of objects");
  }

  private List<Body> objects(String field, String expected) {
    JsonNode value = raw(field);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray()) {
      throw wrong(field, expected);
    }
    List<Body> objects = new ArrayList<>(value.size());
    for (int i = 0; i < value.size(); i++) {
      String at = path + field + "[" + i + "]";
      if (!(value.get(i) instanceof ObjectNode object)) {
        throw Refusals.badRequest(at + " is not an object.");
      }
      objects.add(new Body(object, at + "."));
    }
    return objects;
  }

  /** One string or a list of strings; empty where absent. */
  List<String> texts(String field) {
    JsonNode value = raw(field);
    if (value == null) {
      return List.of();
    }
    if (value.isTextual()) {
      return List.of(value.textValue());
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode element : value) {
      if (!element.isTextual()) {
        throw wrong(field, "a string or an array of strings");
      }
      texts.add(element.textValue());
    }
    if (!value.isArray()) {
      throw wrong(field, "a string or an array of strings");
    }
    return texts;
  }

  /** A bad request that names this field. */
  FinchException wrong(String field, String expected) {
    JsonNode value = raw(field);
    return Refusals.badRequest(
        path + field + ": " + shown(value) + " (expected: " + expected + ").");
  }

  /** A text in quotation marks, so that {@code "5"} is told from {@code 5}. */
  private static String shown(@Nullable JsonNode value) {
    if (value == null) {
      return "absent";
    }
    if (value.isTextual()) {
      return Json.write(Json.text(shortened(value.textValue())));
    }
    return value.isValueNode() ? shortened(value.asText()) : kind(value);
  }

  private static String kind(JsonNode value) {
    return value.isArray() ? "an array" : "an object";
  }

  private static String shortened(String text) {
    int end = Math.min(text.length(), 40);
    boolean half = end < text.length() && Character.isLowSurrogate(text.charAt(end));
    return end == text.length() ? text : text.substring(0, half ? end - 1 : end) + "…";
  }
}
