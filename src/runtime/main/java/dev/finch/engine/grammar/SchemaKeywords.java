package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keywords that bear on validity, and what their values must look like. Whatever else stands in
 * a schema says nothing about values, as JSON Schema has it (core 2020-12, 6.5), and is left out.
 */
final class SchemaKeywords {

  /** Values that are not one of these; made by {@link Negation}, never read from a document. */
  static final String NOT_ENUM = "\0not-enum";

  /** Strings in which no match of this is found. */
  static final String NOT_PATTERN = "\0not-pattern";

  /** Numbers that are no multiple of this. */
  static final String NOT_MULTIPLE = "\0not-multiple";

  /** Numbers in the one form that has no zeros to spare; made by {@link ArrayRules}. */
  static final String PLAIN = "\0plain";

  private enum Form {
    TEXT,
    TEXTS,
    NUMBER,
    COUNT,
    FLAG,
    SCHEMA,
    SCHEMAS,
    NAMED,
    LIST,
    ANY
  }

  private static final Map<String, Form> FORMS =
      Map.ofEntries(
          Map.entry("$ref", Form.TEXT),
          Map.entry("$dynamicRef", Form.TEXT),
          Map.entry("$recursiveRef", Form.TEXT),
          Map.entry("type", Form.TEXTS),
          Map.entry("nullable", Form.FLAG),
          Map.entry("enum", Form.LIST),
          Map.entry("const", Form.ANY),
          Map.entry("allOf", Form.SCHEMAS),
          Map.entry("anyOf", Form.SCHEMAS),
          Map.entry("oneOf", Form.SCHEMAS),
          Map.entry("not", Form.SCHEMA),
          Map.entry("if", Form.SCHEMA),
          Map.entry("then", Form.SCHEMA),
          Map.entry("else", Form.SCHEMA),
          Map.entry("minimum", Form.NUMBER),
          Map.entry("maximum", Form.NUMBER),
          Map.entry("exclusiveMinimum", Form.NUMBER),
          Map.entry("exclusiveMaximum", Form.NUMBER),
          Map.entry("multipleOf", Form.NUMBER),
          Map.entry("minLength", Form.COUNT),
          Map.entry("maxLength", Form.COUNT),
          Map.entry("pattern", Form.TEXT),
          Map.entry("format", Form.TEXT),
          Map.entry("contentEncoding", Form.TEXT),
          Map.entry("items", Form.ANY),
          Map.entry("prefixItems", Form.SCHEMAS),
          Map.entry("additionalItems", Form.SCHEMA),
          Map.entry("unevaluatedItems", Form.SCHEMA),
          Map.entry("contains", Form.SCHEMA),
          Map.entry("minContains", Form.COUNT),
          Map.entry("maxContains", Form.COUNT),
          Map.entry("minItems", Form.COUNT),
          Map.entry("maxItems", Form.COUNT),
          Map.entry("uniqueItems", Form.FLAG),
          Map.entry("properties", Form.NAMED),
          Map.entry("patternProperties", Form.NAMED),
          Map.entry("additionalProperties", Form.SCHEMA),
          Map.entry("unevaluatedProperties", Form.SCHEMA),
          Map.entry("propertyNames", Form.SCHEMA),
          Map.entry("required", Form.TEXTS),
          Map.entry("minProperties", Form.COUNT),
          Map.entry("maxProperties", Form.COUNT),
          Map.entry("dependentRequired", Form.NAMED),
          Map.entry("dependentSchemas", Form.NAMED),
          Map.entry("dependencies", Form.NAMED),
          Map.entry(PLAIN, Form.FLAG),
          Map.entry(NOT_ENUM, Form.LIST),
          Map.entry(NOT_PATTERN, Form.TEXT),
          Map.entry(NOT_MULTIPLE, Form.NUMBER));

  /**
   * Exponents beyond this are of numbers that no answer has; written out they would fill memory.
   */
  private static final int MOST_DIGITS = 400;

  private SchemaKeywords() {}

  /**
   * The keywords of a schema that bear on validity, each in one form.
   *
   * @param schema an object or a boolean; false has {@code not} of everything
   */
  static ObjectNode of(JsonNode schema, String path) {
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    if (schema.isBoolean()) {
      return schema.booleanValue() ? kept : kept.set("not", JsonNodeFactory.instance.objectNode());
    }
    if (!schema.isObject()) {
      throw SchemaFault.wrong(
          path, "%s (expected: an object, true or false)".formatted(SchemaFault.shown(schema)));
    }
    for (var entry : schema.properties()) {
      String keyword = entry.getKey();
      JsonNode value = entry.getValue();
      Form form = FORMS.get(keyword);
      // Generators write null for what they do not say, and JSON Schema's third draft a flag.
      boolean said =
          (!value.isNull() || keyword.equals("const"))
              && !(keyword.equals("contentEncoding") && !value.asText().equals("base64"));
      if (form != null && said && !(keyword.equals("required") && value.isBoolean())) {
        kept.set(keyword, checked(keyword, value, form, path));
      }
    }
    exclusiveFlag(kept, "exclusiveMinimum", "minimum");
    exclusiveFlag(kept, "exclusiveMaximum", "maximum");
    return kept;
  }

  /** The fourth draft's flag beside a bound becomes the bound itself. */
  private static void exclusiveFlag(ObjectNode kept, String keyword, String bound) {
    JsonNode flag = kept.get(keyword);
    if (flag != null && flag.isBoolean()) {
      JsonNode value = flag.booleanValue() ? kept.remove(bound) : null;
      kept.remove(keyword);
      if (value != null) {
        kept.set(keyword, value);
      }
    }
  }

  private static JsonNode checked(String keyword, JsonNode value, Form form, String path) {
    JsonNode checked =
        switch (form) {
          case TEXT -> value.isTextual() ? value : null;
          case TEXTS -> texts(keyword, value);
          case NUMBER, COUNT -> number(keyword, value, form);
          case FLAG -> value.isBoolean() ? value : null;
          case SCHEMA -> value.isObject() || value.isBoolean() ? value : null;
          case SCHEMAS, LIST -> value.isArray() ? value : null;
          case NAMED -> value.isObject() ? value : null;
          case ANY -> value;
        };
    if (checked == null) {
      throw SchemaFault.wrong(
          path + "/" + References.token(keyword),
          "%s (expected: %s)".formatted(SchemaFault.shown(value), expected(form)));
    }
    return checked;
  }

  private static String expected(Form form) {
    return switch (form) {
      case TEXT -> "a string";
      case TEXTS -> "a string or strings";
      case NUMBER -> "a number";
      case COUNT -> "a whole number from 0";
      case FLAG -> "true or false";
      case SCHEMA -> "a schema";
      case SCHEMAS, LIST -> "an array";
      case NAMED, ANY -> "an object";
    };
  }

  private static @Nullable JsonNode texts(String keyword, JsonNode value) {
    boolean type = keyword.equals("type");
    if (value.isTextual()) {
      return type ? TextNode.valueOf(value.textValue().toLowerCase(Locale.ROOT)) : null;
    }
    if (!value.isArray()) {
      return null;
    }
    var texts = JsonNodeFactory.instance.arrayNode();
    for (JsonNode each : value) {
      if (!each.isTextual()) {
        return null;
      }
      texts.add(type ? each.textValue().toLowerCase(Locale.ROOT) : each.textValue());
    }
    return texts;
  }

  private static @Nullable JsonNode number(String keyword, JsonNode value, Form form) {
    if (value.isBoolean() && keyword.startsWith("exclusive")) {
      return BooleanNode.valueOf(value.booleanValue());
    }
    JsonNode number = value.isTextual() ? decimal(value.textValue()) : value;
    if (!(number instanceof NumericNode)) {
      return null;
    }
    BigDecimal exact = number.decimalValue();
    int digits = Math.abs(exact.precision() - exact.scale());
    if (digits > MOST_DIGITS || exact.scale() > MOST_DIGITS) {
      return null;
    }
    boolean whole = exact.signum() >= 0 && exact.stripTrailingZeros().scale() <= 0;
    return form == Form.COUNT && !whole ? null : DecimalNode.valueOf(exact.stripTrailingZeros());
  }

  /** Google's APIs write 64-bit numbers as texts. */
  private static @Nullable JsonNode decimal(String text) {
    return text.matches("-?[0-9]{1,30}") ? DecimalNode.valueOf(new BigDecimal(text)) : null;
  }
}
