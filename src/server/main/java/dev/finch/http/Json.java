package dev.finch.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** JSON trees: read strictly and within bounds, written compactly. Thread-safe. */
final class Json {

  private static final int DEEPEST = 200;
  private static final int LONGEST_NUMBER = 100;

  /** A tree of small values takes some twenty times the room of its text. */
  private static final long MOST_TOKENS = 1_000_000;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxNumberLength(LONGEST_NUMBER)
                          .maxTokenCount(MOST_TOKENS)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  // Names that clients choose would fill tables that are shared.
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final Pattern BEYOND =
      Pattern.compile("^(.+?) \\(([0-9]+)\\) exceeds the maximum allowed \\(([0-9]+)");

  private static final Pattern TWICE =
      Pattern.compile("^Duplicate (?:field|Object property) ['\"](.{0,60})", Pattern.DOTALL);

  private Json() {}

  static JsonNode read(String text) throws JsonProcessingException {
    return MAPPER.readTree(text);
  }

  /** The field that stands twice in one object, where that is what is wrong; else null. */
  static @Nullable String fieldGivenTwice(JsonProcessingException e) {
    Matcher twice = TWICE.matcher(String.valueOf(e.getOriginalMessage()));
    return twice.find() ? twice.group(1).replaceAll("['\"]$", "") : null;
  }

  /** Which bound a text is beyond, with what was found and what was expected. */
  static String beyond(StreamConstraintsException e) {
    String said = e.getOriginalMessage();
    Matcher numbers = BEYOND.matcher(said);
    if (!numbers.find()) {
      int detail = said.indexOf(", from `");
      return detail < 0 ? said : said.substring(0, detail) + ")";
    }
    String bound =
        switch (numbers.group(1)) {
          case "Document nesting depth" -> "its depth";
          case "Token count" -> "the number of its tokens";
          case "Name length", "Property name length" -> "the length of a name";
          case "Number value length", "Number length" -> "the length of a number";
          default -> numbers.group(1);
        };
    return bound
        + " is "
        + numbers.group(2)
        + " or more (expected: at most "
        + numbers.group(3)
        + ")";
  }

  static String write(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A JSON tree always has a text", e);
    }
  }

  /**
   * With a backslash before all that is not ASCII: what is read with curl reaches a terminal raw.
   */
  static String writeAscii(JsonNode node) {
    try {
      return MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A JSON tree always has a text", e);
    }
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static JsonNode text(String text) {
    return JsonNodeFactory.instance.textNode(text);
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }
}
