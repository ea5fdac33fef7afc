package dev.finch.engine.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.finch.failure.FinchException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Random schemas: what is derived validates, and values are judged as a validator does. */
final class SchemaFuzzTest {

  private static final SchemaRegistry VALIDATORS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  /** The validator turns some numbers into a long, and fails where they are none. */
  private static final Pattern HUGE = Pattern.compile("[0-9][eE]");

  private static final JsonMapper MAPPER = new JsonMapper();

  private static String schema(Random random, int depth) {
    int kind = random.nextInt(depth > 0 ? 26 : 12);
    return switch (kind) {
      case 0 -> "{\"type\":\"string\",\"maxLength\":" + random.nextInt(4) + "}";
      case 1 -> "{\"type\":\"integer\",\"minimum\":" + (random.nextInt(6) - 2) + "}";
      case 2 -> "{\"type\":\"integer\",\"multipleOf\":" + (1 + random.nextInt(4)) + "}";
      case 3 -> "{\"type\":[\"string\",\"null\"],\"pattern\":\"" + pattern(random) + "\"}";
      case 4 -> "{\"enum\":[1,\"a\",null,[1],{\"a\":1},\"ab\",2.5]}";
      case 5 -> "{\"const\":" + value(random, 1) + "}";
      case 6 -> "{\"type\":\"boolean\"}";
      case 7 -> "{\"type\":\"number\",\"exclusiveMaximum\":" + random.nextInt(5) + "}";
      case 8 -> "{\"minLength\":2,\"maximum\":3}";
      case 9 -> random.nextBoolean() ? "{}" : "true";
      case 10 -> "{\"type\":\"string\",\"minLength\":1,\"pattern\":\"" + pattern(random) + "\"}";
      case 11 -> "{\"pattern\":\"" + pattern(random) + "\",\"maxLength\":3}";
      case 12, 13 -> "{\"allOf\":[" + schemas(random, depth) + "]}";
      case 14, 15 -> "{\"anyOf\":[" + schemas(random, depth) + "]}";
      case 16 -> "{\"oneOf\":[" + schemas(random, depth) + "]}";
      case 17 -> "{\"not\":" + schema(random, depth - 1) + "}";
      case 18 ->
          "{\"if\":%s,\"then\":%s,\"else\":%s}"
              .formatted(
                  schema(random, depth - 1), schema(random, depth - 1), schema(random, depth - 1));
      case 19, 20, 21, 22 -> object(random, depth);
      default -> array(random, depth);
    };
  }

  private static String pattern(Random random) {
    return List.of("^a", "b$", "^[ab]*$", "a|b", "^(?!a)", "^.{2}$").get(random.nextInt(6));
  }

  private static String schemas(Random random, int depth) {
    List<String> all = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      all.add(schema(random, depth - 1));
    }
    return String.join(",", all);
  }

  private static String object(Random random, int depth) {
    List<String> all = new ArrayList<>(List.of("\"type\":\"object\""));
    if (random.nextInt(4) > 0) {
      all.add(
          "\"properties\":{\"a\":%s,\"b\":%s}"
              .formatted(schema(random, depth - 1), schema(random, depth - 1)));
    }
    if (random.nextInt(3) == 0) {
      all.add("\"required\":[\"" + "abc".charAt(random.nextInt(3)) + "\"]");
    }
    if (random.nextInt(3) == 0) {
      all.add("\"additionalProperties\":" + (random.nextBoolean() ? "false" : schema(random, 0)));
    }
    if (random.nextInt(4) == 0) {
      all.add("\"patternProperties\":{\"^[ac]\":" + schema(random, 0) + "}");
    }
    if (random.nextInt(4) == 0) {
      all.add("\"minProperties\":" + random.nextInt(3));
    }
    if (random.nextInt(4) == 0) {
      all.add("\"maxProperties\":" + random.nextInt(4));
    }
    if (random.nextInt(5) == 0) {
      all.add("\"propertyNames\":{\"maxLength\":1}");
    }
    if (random.nextInt(5) == 0) {
      all.add("\"dependentRequired\":{\"a\":[\"b\"]}");
    }
    if (random.nextInt(5) == 0) {
      all.add("\"dependentSchemas\":{\"a\":{\"required\":[\"c\"]}}");
    }
    return "{" + String.join(",", all) + "}";
  }

  private static String array(Random random, int depth) {
    List<String> all = new ArrayList<>(List.of("\"type\":\"array\""));
    if (random.nextInt(3) > 0) {
      all.add("\"items\":" + schema(random, depth - 1));
    }
    if (random.nextInt(4) == 0) {
      all.add("\"prefixItems\":[" + schemas(random, depth) + "]");
    }
    if (random.nextInt(3) == 0) {
      all.add("\"minItems\":" + random.nextInt(3));
    }
    if (random.nextInt(3) == 0) {
      all.add("\"maxItems\":" + random.nextInt(4));
    }
    if (random.nextInt(4) == 0) {
      all.add("\"uniqueItems\":true");
    }
    if (random.nextInt(5) == 0) {
      all.add("\"contains\":" + schema(random, depth - 1));
      if (random.nextBoolean()) {
        all.add("\"maxContains\":2");
      }
    }
    return "{" + String.join(",", all) + "}";
  }

  private static String value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 11 : 8)) {
      case 0 -> "\"a\"";
      case 1 -> "\"ab\"";
      case 2 -> "\"\"";
      case 3 -> "null";
      case 4 -> "true";
      case 5 -> String.valueOf(random.nextInt(7) - 2);
      case 6 -> "2.5";
      case 7 -> "1.0";
      case 8 -> "[" + value(random, depth - 1) + "," + value(random, depth - 1) + "]";
      case 9 -> "{\"a\":" + value(random, depth - 1) + "}";
      default -> "{\"a\":" + value(random, depth - 1) + ",\"c\":" + value(random, depth - 1) + "}";
    };
  }

  @Test
  void whatIsDerivedOfRandomSchemasValidates() {
    int accepted = 0;
    for (int seed = 0; seed < 2_500; seed++) {
      Random random = new Random(seed);
      String schema = schema(random, 3);
      Gbnf grammar;
      try {
        grammar = SchemaGrammar.of(schema);
      } catch (FinchException e) {
        continue;
      }
      accepted++;
      Schema validator = VALIDATORS.getSchema(schema, InputFormat.JSON);
      for (int i = 0; i < 8; i++) {
        String sentence = Sentences.deriveDistinct(grammar, random);
        if (HUGE.matcher(sentence).find()) {
          continue;
        }
        List<Error> errors = validator.validate(sentence, InputFormat.JSON);
        assertEquals(List.of(), errors, seed + ": " + sentence + " of " + schema);
      }
    }
    int count = accepted;
    assertTrue(count > 1_700, () -> count + " schemas");
  }

  @Test
  void valuesAreJudgedAsAValidatorDoes() throws Exception {
    for (int seed = 0; seed < 2_500; seed++) {
      Random random = new Random(seed);
      String schema = schema(random, 3);
      JsonNode node = MAPPER.readTree(schema);
      SchemaCheck check = new SchemaCheck(new References(node, new AutomatonBudget()));
      Schema validator = VALIDATORS.getSchema(schema, InputFormat.JSON);
      for (int i = 0; i < 20; i++) {
        String value = value(random, 2);
        assertEquals(
            validator.validate(value, InputFormat.JSON).isEmpty(),
            check.accepts(node, MAPPER.readTree(value), ""),
            seed + ": " + value + " of " + schema);
      }
    }
  }

  /** No value meets a schema and the ways of not meeting it. */
  @Test
  void whatDoesNotMeetASchemaDoesNot() throws Exception {
    for (int seed = 0; seed < 2_500; seed++) {
      Random random = new Random(seed);
      JsonNode schema = MAPPER.readTree(schema(random, 3));
      References references = new References(schema, new AutomatonBudget());
      List<JsonNode> ways;
      try {
        ways = Negation.of(references, schema, "");
      } catch (FinchException | SchemaFault.UnsatisfiableException e) {
        continue;
      }
      SchemaCheck check = new SchemaCheck(references);
      for (int i = 0; i < 20; i++) {
        JsonNode value = MAPPER.readTree(value(random, 2));
        boolean met = check.accepts(schema, value, "");
        boolean broken = ways.stream().anyMatch(way -> check.accepts(way, value, ""));
        assertTrue(!met || !broken, seed + ": " + value + " of " + schema + " and " + ways);
      }
    }
  }
}
