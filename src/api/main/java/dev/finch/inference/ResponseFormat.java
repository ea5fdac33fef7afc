package dev.finch.inference;

import static java.util.Objects.requireNonNull;

/** What form the answer must have. */
public sealed interface ResponseFormat {

  /** Anything. */
  ResponseFormat TEXT = new Text();

  /** Any JSON object. */
  ResponseFormat JSON_OBJECT = new JsonObject();

  /** Anything. */
  record Text() implements ResponseFormat {}

  /** Any JSON object. */
  record JsonObject() implements ResponseFormat {}

  /**
   * JSON that validates against a schema.
   *
   * @param schema the JSON schema as text
   */
  record JsonSchema(String schema) implements ResponseFormat {
    public JsonSchema {
      requireNonNull(schema, "schema");
    }
  }

  /**
   * Text that a grammar derives; local models only.
   *
   * @param gbnf a grammar in llama.cpp's GBNF with a rule named {@code root}
   */
  record Grammar(String gbnf) implements ResponseFormat {
    public Grammar {
      requireNonNull(gbnf, "gbnf");
    }
  }
}
