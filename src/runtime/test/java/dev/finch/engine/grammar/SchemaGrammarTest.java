package dev.finch.engine.grammar;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SchemaGrammarTest {

  private static final int SENTENCES = 60;

  private static final SchemaRegistry VALIDATORS =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemaRegistryConfig(
                  SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  static Stream<String> schemas() throws IOException {
    try (InputStream in = SchemaGrammarTest.class.getResourceAsStream("schemas.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines().filter(line -> !line.startsWith("#")).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void whatTheGrammarDerivesParsesAndValidates(String schema) {
    Gbnf grammar = SchemaGrammar.of(schema);
    Schema validator = VALIDATORS.getSchema(schema, InputFormat.JSON);
    Random random = new Random(schema.hashCode());
    for (int i = 0; i < SENTENCES; i++) {
      String sentence = Sentences.deriveDistinct(grammar, random);
      assertDoesNotThrow(() -> STRICT.readTree(sentence), sentence);
      List<Error> errors = validator.validate(sentence, InputFormat.JSON);
      assertEquals(List.of(), errors, sentence);
    }
  }

  @Test
  void aHundredSchemasAreTested() throws IOException {
    assertTrue(schemas().distinct().count() >= 100);
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void equalSchemasGiveEqualGrammars(String schema) {
    assertEquals(SchemaGrammar.of(schema).text(), SchemaGrammar.of(schema).text());
  }

  static Stream<Arguments> valid() {
    return Stream.of(
        arguments("{\"type\":\"integer\",\"minimum\":7,\"maximum\":1234}", "7", "6"),
        arguments("{\"type\":\"integer\",\"minimum\":7,\"maximum\":1234}", "1234", "1235"),
        arguments("{\"type\":\"integer\",\"minimum\":7,\"maximum\":1234}", "999", "007"),
        arguments("{\"type\":\"integer\",\"minimum\":-12,\"maximum\":5}", "-12", "-13"),
        arguments("{\"type\":\"number\",\"minimum\":0.25,\"maximum\":3}", "0.25", "0.249"),
        arguments("{\"type\":\"number\",\"minimum\":0.25,\"maximum\":3}", "3.0", "3.01"),
        arguments("{\"type\":\"number\",\"minimum\":0.25,\"maximum\":3}", "2.9999", "0.2"),
        arguments("{\"type\":\"number\",\"minimum\":-1.5,\"maximum\":-0.5}", "-1.25", "-1.51"),
        arguments(
            "{\"type\":\"array\",\"items\":{\"const\":1},\"maxItems\":2}", "[1, 1]", "[1,1,1]"),
        arguments("{\"type\":\"array\",\"items\":{\"const\":1},\"minItems\":1}", "[1]", "[]"),
        arguments("{\"type\":\"string\",\"maxLength\":1}", "\"🐦\"", "\"ab\""),
        arguments("{\"type\":\"string\"}", "\"a\\n\\u00e9\"", "\"a\nb\""),
        arguments("{\"type\":\"string\",\"pattern\":\"^a{2}$\"}", "\"aa\"", "\"aaa\""),
        arguments("{\"type\":\"string\",\"format\":\"date\"}", "\"2026-11-30\"", "\"2026-11-31\""),
        // The validator knows which top-level domains exist; a grammar does not.
        arguments("{\"format\":\"email\"}", "\"ann.b+c@example.org\"", "\"ann@example\""),
        arguments(
            "{\"properties\":{\"a\":{\"const\":1},\"b\":{\"const\":2}},\"required\":[\"b\"]}",
            "{\"b\": 2}",
            "{\"a\": 1}"),
        arguments(
            "{\"properties\":{\"a\":{\"const\":1},\"b\":{\"const\":2}},\"required\":[\"b\"]}",
            "{\n  \"a\": 1,\n  \"b\": 2\n}",
            "{\"a\": 1 \"b\": 2}"),
        arguments(
            "{\"properties\":{\"a\":{\"const\":1}},\"additionalProperties\":{\"const\":2}}",
            "{\"a\": 1, \"b\": 2}",
            "{\"a\": 2}"));
  }

  @ParameterizedTest
  @MethodSource("valid")
  void derivesTheOneAndNotTheOther(String schema, String derived, String other) {
    Gbnf grammar = SchemaGrammar.of(schema);
    assertTrue(Sentences.accepts(grammar, derived), derived);
    assertFalse(Sentences.accepts(grammar, other), other);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = ';',
      value = {
        "^(?i)yes$; YeS; yep",
        "(?i)^[a-f]+$; aF; g",
        "^(?i:y)es$; Yes; YES",
        "^(?i:(?-i:y)e)s$; yEs; YES",
        "^(y(?i)e)s$; yEs; yES",
        "^(?i)straße$; STRAßE; STRASSE",
        "^(?i)ж$; Ж; x",
        "^(?i)[^k]$; j; K",
        "^(?i)[^k]$; j; \u212A",
        "^(?i)k$; K; \u212A",
        "^(?i)[\\\\x61]$; A; b"
      })
  void patternsMayIgnoreCase(String pattern, String derived, String other) {
    String schema = "{\"type\":\"string\",\"pattern\":\"" + pattern.replace("\\\\", "\\") + "\"}";
    Gbnf grammar = SchemaGrammar.of(schema.replace("\\x", "\\\\x"));
    assertTrue(Sentences.accepts(grammar, '"' + derived + '"'), derived);
    assertFalse(Sentences.accepts(grammar, '"' + other + '"'), other);
  }

  @Test
  void manyLongValuesThatMustDifferComeInOrder() {
    String values =
        IntStream.range(0, 250)
            .mapToObj(i -> "\"" + i % 10 + "-value-" + i + "\"")
            .collect(Collectors.joining(","));
    String schema =
        "{\"type\":\"array\",\"uniqueItems\":true,\"items\":{\"enum\":[" + values + "]}%s}";
    Gbnf grammar = SchemaGrammar.of(schema.formatted(""));
    assertTrue(Sentences.accepts(grammar, "[\"0-value-0\", \"9-value-249\"]"));
    // Which is no more than an order: so none can come twice.
    assertFalse(Sentences.accepts(grammar, "[\"9-value-249\", \"0-value-0\"]"));
    FinchException refused =
        assertThrows(
            FinchException.class, () -> SchemaGrammar.of(schema.formatted(",\"minItems\":200")));
    assertTrue(refused.getMessage().contains("200 different items"), refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = ';',
      value = {
        "{\"type\":\"string\",\"pattern\":\"(a)\\\\1\"}; at /pattern|\\1",
        "{\"type\":\"string\",\"pattern\":\"(?x)a\"}; (?x",
        "{\"oneOf\":[{\"type\":\"string\"},{\"type\":\"string\"}]}; at /oneOf: every value that",
        "{\"properties\":{\"a\":{\"oneOf\":[{},{\"type\":\"integer\"},{}]}},\"required\":[\"a\"]};"
            + " at /properties/a/oneOf: every value that",
        "{\"type\":\"number\",\"oneOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}; no value has"
            + " all",
        "{\"properties\":{\"x\":{\"type\":\"number\",\"minimum\":0.00000000000000000000000000000000000001123456789123456789123456789123456789123456789123456789123456789123456789123456789123456789123456789,\"maximum\":1e-35}}};"
            + " at /properties/x: its bounds differ only",
        "{\"type\":\"string\",\"pattern\":\"[\\\\A]\"}; \\A",
        "{\"type\":\"string\",\"pattern\":\"a{3,2}\"}; backwards",
        "{\"type\":\"string\",\"pattern\":\"[b-a]\"}; backwards",
        "{\"type\":\"string\",\"pattern\":\"(a\"}; never closed",
        "{\"type\":\"string\",\"pattern\":\"\\\\p{Nonsense}\"}; \\p{Nonsense}",
        "{\"type\":\"string\",\"pattern\":\"^a$\",\"minLength\":2}; no string has all",
        "{\"type\":\"string\",\"minLength\":3,\"maxLength\":2}; maxLength is below minLength",
        "{\"type\":\"string\",\"minLength\":\"many\"}; at /minLength: \"many\" (expected: a whole",
        "{\"type\":\"string\",\"maxLength\":-1}; at /maxLength: -1 (expected: a whole number from"
            + " 0)",
        "{\"type\":\"number\",\"minimum\":1e999999999}; at /minimum: 1E+999999999 (expected: a"
            + " number)",
        "{\"type\":\"integer\",\"multipleOf\":0}; at /multipleOf: 0 (expected: more than 0)",
        "{\"type\":\"strnig\"}; at /type: 'strnig' is no type",
        "{\"properties\":{\"a/b\":{\"type\":\"x\"}}}; at /properties/a~1b/type: 'x' is no type",
        "{\"$defs\":{\"d\":{\"type\":\"x\"}},\"items\":{\"$ref\":\"#/$defs/d\"}}; at /$defs/d/type",
        "{\"properties\":{\"p\":{\"items\":{\"type\":3}}}}; at /properties/p/items/type: 3",
        "{\"enum\":[]}; no value is left",
        "{\"type\":\"string\",\"enum\":[1]}; no value is left",
        "{\"type\":\"string\",\"enum\":[\"a\"],\"minLength\":2}; no value is left",
        "{\"$ref\":\"#/$defs/x\"}; points at nothing",
        "{\"$ref\":\"https://example.org/x.json\"}; points outside",
        "{\"$ref\":\"#\"}; refers to itself without end",
        "{\"allOf\":[{\"$ref\":\"#\"}]}; without end",
        "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#\"}},\"required\":[\"a\"]}; would"
            + " be endless",
        "{\"type\":\"integer\",\"minimum\":3,\"maximum\":2}; no integer",
        "{\"type\":\"integer\",\"minimum\":1,\"maximum\":2,\"multipleOf\":3}; no number",
        "{\"type\":\"number\",\"exclusiveMinimum\":2,\"exclusiveMaximum\":2}; no number",
        "{\"type\":\"array\",\"minItems\":3,\"maxItems\":2}; no array",
        "{\"type\":\"array\",\"minItems\":2,\"uniqueItems\":true,\"items\":{\"const\":1}}; 2"
            + " different items are asked for of 1",
        "{\"allOf\":[{\"type\":\"string\"},{\"type\":\"integer\"}]}; at /allOf/1: no value has all",
        "{\"type\":\"object\",\"required\":[\"a\"],\"additionalProperties\":false}; required and"
            + " not allowed",
        "{\"type\":\"object\",\"required\":[\"a\"],\"maxProperties\":0}; as many properties",
        "{\"type\":\"string\",\"not\":{\"format\":\"email\"}}; at /not: values that do not meet",
        "{\"not\":{}}; every value meets what must not be met",
        "[]; expected: an object, true or false",
        "{\"type\":; not JSON",
        "false; no value"
      })
  void refusesByName(String schema, String message) {
    FinchException refused =
        assertThrows(FinchException.class, () -> SchemaGrammar.of(schema.strip()));
    assertEquals(FailureCode.BAD_REQUEST, refused.failure().code());
    assertTrue(
        Stream.of(message.split("\\|")).anyMatch(refused.failure().message()::contains),
        () -> refused.failure().message());
  }

  @Test
  void everyIntegerOfARangeIsDerivedAndNoOther() {
    Random random = new Random(11);
    for (int i = 0; i < 40; i++) {
      int low = random.nextInt(-1200, 1200);
      int high = low + random.nextInt(0, 400);
      Gbnf grammar =
          SchemaGrammar.of(
              "{\"type\":\"integer\",\"minimum\":%d,\"maximum\":%d}".formatted(low, high));
      for (int n = low - 15; n <= high + 15; n++) {
        boolean within = low <= n && n <= high;
        assertEquals(
            within, Sentences.accepts(grammar, String.valueOf(n)), low + ".." + high + ": " + n);
      }
    }
  }

  @Test
  void everyDecimalOfARangeIsDerivedAndNoOther() {
    Random random = new Random(12);
    for (int i = 0; i < 40; i++) {
      int low = random.nextInt(-3000, 3000);
      int high = low + random.nextInt(0, 500);
      Gbnf grammar =
          SchemaGrammar.of(
              "{\"type\":\"number\",\"minimum\":%s,\"maximum\":%s}"
                  .formatted(hundredths(low), hundredths(high)));
      for (int n = low - 15; n <= high + 15; n++) {
        boolean within = low <= n && n <= high;
        assertEquals(
            within, Sentences.accepts(grammar, hundredths(n)), low + ".." + high + ": " + n);
      }
    }
  }

  /** JSON Schema: what it does not define is an annotation, and a length stands as it is. */
  @ParameterizedTest
  @ValueSource(strings = {"phone", "tel", "e164", "foo", "int32", "binary", "jwt", ""})
  void aFormatThatJsonSchemaDoesNotDefineSaysNothing(String format) {
    String schema = "{\"type\":\"string\",\"format\":\"%s\",\"maxLength\":5}".formatted(format);
    Gbnf grammar = SchemaGrammar.of(schema);
    assertTrue(Sentences.accepts(grammar, "\"a b\""), format);
    assertFalse(Sentences.accepts(grammar, "\"123456\""), format);
  }

  private static String hundredths(int n) {
    return BigDecimal.valueOf(n, 2).toPlainString();
  }

  @Test
  void namesThatAreListedAreNeverAdditional() {
    Gbnf grammar =
        Gbnf.check("root ::= " + OtherNames.body(List.of("a", "ab", "b", "", "🐦")) + "\n");
    Random random = new Random(3);
    Set<String> derived = new HashSet<>();
    for (int i = 0; i < 300; i++) {
      derived.add(Sentences.derive(grammar, random));
    }
    for (String listed : List.of("a", "ab", "b", "", "🐦")) {
      assertFalse(derived.contains(listed));
      assertFalse(Sentences.accepts(grammar, listed));
    }
    for (String other : List.of("c", "aa", "abc", "ba", "bb", "🐦🐦", "é")) {
      assertTrue(Sentences.accepts(grammar, other), other);
    }
  }

  @Test
  void anyObjectIsAnObject() throws IOException {
    Gbnf grammar = SchemaGrammar.anyObject();
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      assertTrue(STRICT.readTree(Sentences.derive(grammar, random)).isObject());
    }
    assertTrue(Sentences.accepts(grammar, "{\"name\": \"Anna\", \"age\": 7}"));
    assertFalse(Sentences.accepts(grammar, "[1]"));
  }
}
