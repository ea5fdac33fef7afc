package dev.finch.engine.grammar;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.finch.failure.FinchException;

/**
 * Derives a GBNF grammar from a JSON schema. What the grammar derives parses as JSON and validates
 * against the schema; where that cannot be promised, the schema is refused with the keyword's name.
 * The grammar need not derive every valid value: keys come in the schema's order, members that the
 * schema does not mention are left out, numbers and white space are short. Equal schemas give equal
 * grammars.
 */
public final class SchemaGrammar {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Rules rules = new Rules();
  private final JsonRules json = new JsonRules(rules);

  SchemaGrammar() {
    json.prepare();
  }

  /**
   * The grammar of values that meet a schema.
   *
   * @param schema a JSON schema as text
   * @throws FinchException with {@code BAD_REQUEST} where it is not a schema, or uses what no
   *     grammar can promise
   */
  public static String of(String schema) {
    return of(schema, "");
  }

  /**
   * The same behind something else.
   *
   * @param before a body, or empty
   */
  static String of(String schema, String before) {
    SchemaGrammar grammar = new SchemaGrammar();
    return grammar.text((before + " " + grammar.body(schema, "value")).strip());
  }

  /** The grammar of any JSON object. */
  public static String anyObject() {
    return anyObject("");
  }

  /**
   * The same behind something else.
   *
   * @param before a body, or empty
   */
  static String anyObject(String before) {
    SchemaGrammar grammar = new SchemaGrammar();
    return grammar.text((before + " " + grammar.json.object()).strip());
  }

  /** A body that derives values of this schema, in the grammar that is being written. */
  String body(String schema, String hint) {
    JsonNode document = parse(schema);
    return new SchemaReader(rules, json, document).body(document, hint, "");
  }

  /** The whole grammar, checked. */
  String text(String root) {
    String text = rules.text(root);
    Gbnf.check(text);
    return text;
  }

  Rules rules() {
    return rules;
  }

  private static JsonNode parse(String schema) {
    try {
      return MAPPER.readTree(schema);
    } catch (JsonProcessingException e) {
      throw SchemaFault.wrong("", "it is not JSON: " + e.getOriginalMessage());
    }
  }
}
