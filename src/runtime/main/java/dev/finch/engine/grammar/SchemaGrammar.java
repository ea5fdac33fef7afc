package dev.finch.engine.grammar;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.finch.failure.FinchException;
import dev.finch.inference.Tool;
import org.jspecify.annotations.Nullable;

/**
 * Derives a grammar from a JSON schema. What the grammar derives parses as JSON and validates
 * against the schema; where that cannot be promised, the schema is refused with the place and what
 * is the matter there. The grammar need not derive every valid value: keys come in the schema's
 * order, members that the schema does not mention are left out, numbers and white space are short.
 * Equal schemas give equal grammars.
 */
public final class SchemaGrammar {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final String SMALLER = "Lower minItems, maxItems, minLength or maxLength.";

  private final Rules rules = new Rules();
  private final JsonRules json = new JsonRules(rules);
  private final AutomatonBudget budget;
  private SchemaFault.@Nullable UnsatisfiableException unmet;

  SchemaGrammar() {
    this(new AutomatonBudget());
  }

  private SchemaGrammar(AutomatonBudget budget) {
    this.budget = budget;
    json.prepare();
  }

  /**
   * The grammar of values that meet a schema.
   *
   * @param schema a JSON schema as text
   * @throws FinchException with {@code BAD_REQUEST} where it is not a schema, no value meets it, or
   *     it uses what cannot be promised
   */
  public static Gbnf of(String schema) {
    return of(schema, "");
  }

  /**
   * The same behind something else.
   *
   * @param before a body, or empty
   */
  static Gbnf of(String schema, String before) {
    SchemaGrammar grammar = new SchemaGrammar();
    SchemaReader reader = grammar.reader(parse(schema), false);
    String root = reader.document("value");
    grammar.unmet = reader.unmet();
    return grammar.whole((before + " " + root).strip());
  }

  /** The grammar of any JSON object. */
  public static Gbnf anyObject() {
    return anyObject("");
  }

  /**
   * The same behind something else.
   *
   * @param before a body, or empty
   */
  static Gbnf anyObject(String before) {
    SchemaGrammar grammar = new SchemaGrammar();
    return grammar.whole((before + " " + grammar.json.object()).strip());
  }

  /**
   * A body that derives the arguments of a tool, which are an object, in the grammar that is being
   * written. Where the tool is not strict, its schema is a hint: what cannot be promised is derived
   * as widely as it must be.
   *
   * @throws FinchException with {@code BAD_REQUEST} and the tool's name where it is strict and its
   *     schema cannot be promised
   */
  String arguments(Tool tool) {
    if (tool.parameters().isBlank()) {
      return json.object();
    }
    boolean strict = Boolean.TRUE.equals(tool.strict());
    try {
      JsonNode schema = parse(tool.parameters());
      if (schema.isNull()) {
        return json.object();
      }
      Rules alone = checked(schema, tool.name(), !strict);
      return strict || rules.haveRoomFor(alone)
          ? reader(schema, !strict).object(tool.name())
          : json.object();
    } catch (FinchException e) {
      if (strict) {
        throw SchemaFault.ofTool(tool.name(), e);
      }
      return json.object();
    }
  }

  /** The rules of a schema by itself, which have an end. */
  private Rules checked(JsonNode schema, String name, boolean hint) {
    SchemaGrammar alone = new SchemaGrammar(budget);
    SchemaReader reader = alone.reader(schema, hint);
    String root = reader.object(name);
    alone.unmet = reader.unmet();
    alone.whole(root);
    return alone.rules;
  }

  private SchemaReader reader(JsonNode schema, boolean hint) {
    return new SchemaReader(rules, json, schema, hint, budget);
  }

  /** The whole grammar, checked. */
  Gbnf whole(String root) {
    Gbnf grammar;
    try {
      grammar = Gbnf.ofSchema(rules.text(root), rules.distinct());
    } catch (FinchException e) {
      // It speaks of lines that whoever wrote the schema never saw.
      throw SchemaFault.refused(
          "", "its numbers of items, characters or digits are too large together", SMALLER);
    }
    if (grammar == null) {
      throw refusal(unmet);
    }
    return grammar;
  }

  private static FinchException refusal(SchemaFault.@Nullable UnsatisfiableException unmet) {
    return unmet == null
        ? SchemaFault.wrong("", "every value that meets it would be endless")
        : unmet.refusal();
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
