package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.regex.JDKRegularExpressionFactory;
import com.networknt.schema.regex.RegularExpression;
import dev.finch.engine.grammar.Gbnf;
import dev.finch.engine.grammar.SatisfiableSchemas;
import dev.finch.engine.grammar.SatisfiableSchemas.Listed;
import dev.finch.engine.grammar.SchemaGrammar;
import dev.finch.failure.FinchException;
import dev.finch.inference.Sampling;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whatever schema is accepted, what a model says under it validates. */
final class SchemaSamplesIT {

  private static final int MOST_TOKENS = 900;

  private static final Engine ENGINE =
      TinyChat.engines()
          .load(TinyChat.settings("context-length = 1024").plan(TinyChat.model(), null), _ -> true);

  private static final SchemaRegistry VALIDATORS = validators(SpecificationVersion.DRAFT_2020_12);

  /** Tuples without a $schema are of drafts before 2020. */
  private static final SchemaRegistry OLD_VALIDATORS = validators(SpecificationVersion.DRAFT_7);

  private static SchemaRegistry validators(SpecificationVersion version) {
    return SchemaRegistry.withDefaultDialect(
        version,
        builder ->
            builder.schemaRegistryConfig(
                SchemaRegistryConfig.builder()
                    .formatAssertionsEnabled(true)
                    .regularExpressionFactory(SchemaSamplesIT::expression)
                    .build()));
  }

  private static final SchemaLocation HERE = SchemaLocation.of("https://example.org/here.json");

  private int accepted;
  private int whole;
  private int cut;
  private final List<String> broken = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();

  @AfterAll
  static void stop() {
    ENGINE.close();
  }

  @Test
  void someSamplesOfSomeSchemasValidate() throws Exception {
    List<Listed> all = SatisfiableSchemas.all();
    for (int i = 0; i < all.size(); i += 9) {
      sample(all.get(i), 2);
    }
    require("some");
  }

  @Test
  @Tag("soak")
  void twentySamplesOfEverySchemaValidate() throws Exception {
    List<Listed> all = SatisfiableSchemas.all();
    for (Listed listed : all) {
      sample(listed, 20);
    }
    require("all");
    assertTrue(accepted >= 0.95 * all.size(), () -> accepted + " of " + all.size());
  }

  /** Java writes the properties of emoji with another name. */
  private static RegularExpression expression(String pattern) {
    return JDKRegularExpressionFactory.getInstance()
        .getRegularExpression(
            pattern
                .replace("{Extended_Pictographic}", "{IsExtended_Pictographic}")
                .replace("{Emoji_Component}", "{IsEmoji_Component}"));
  }

  /**
   * The validator knows which top-level domains exist; an address need not be of one. A time of zod
   * has no offset, one of RFC 3339 has: no text is both, and the pattern is taken. A format phone,
   * which JSON Schema has not, is the validator's own.
   */
  private static boolean isOfAnotherFormat(Error error) {
    JsonNode value = error.getInstanceNode();
    return "format".equals(error.getKeyword())
        && value.isString()
        && (error.getMessage().contains("phone")
            || value
                .stringValue()
                .matches(
                    "[a-z0-9]+([-._+][a-z0-9]+)*@([a-z0-9]+\\.)+[a-z]{2,10}"
                        + "|([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d+)?)?"));
  }

  private void require(String which) {
    System.out.printf(
        "%s: %d schemas, %d whole answers, %d cut, %d broken off, %d wrong%n",
        which, accepted, whole, cut, broken.size(), wrong.size());
    broken.forEach(System.out::println);
    wrong.forEach(System.out::println);
    assertEquals(List.of(), wrong);
    int all = whole + cut + broken.size();
    assertTrue(whole >= 0.95 * all, () -> whole + " of " + all + " came to an end");
    assertTrue(broken.size() <= 0.01 * all, () -> String.join("\n", broken));
  }

  private void sample(Listed listed, int times) {
    Gbnf grammar;
    try {
      grammar = SchemaGrammar.of(listed.schema());
    } catch (FinchException e) {
      return;
    }
    accepted++;
    SchemaRegistry validators =
        listed.schema().contains("\"items\":[") ? OLD_VALIDATORS : VALIDATORS;
    var validator = validators.getSchema(HERE, listed.schema(), InputFormat.JSON);
    for (int i = 0; i < times; i++) {
      try {
        String answer = generated(grammar, 100 * listed.number() + i);
        if (answer == null) {
          cut++;
        } else {
          whole++;
          List<Error> errors =
              validator.validate(answer, InputFormat.JSON).stream()
                  .filter(error -> !isOfAnotherFormat(error))
                  .toList();
          if (!errors.isEmpty()) {
            wrong.add(listed.number() + " " + listed.schema() + "\n  " + answer + "\n  " + errors);
          }
        }
      } catch (RuntimeException e) {
        broken.add(listed.number() + " " + listed.schema() + "\n  " + e);
      }
    }
  }

  /** The answer, or null where it did not end in time. */
  private static @Nullable String generated(Gbnf grammar, int seed) {
    ENGINE.truncate(0, 0);
    int[] prompt = ENGINE.tokenize("Answer in JSON: ", true, true);
    StepBatch batch = new StepBatch();
    for (int i = 0; i < prompt.length; i++) {
      batch.add(prompt[i], i, 0, i == prompt.length - 1);
    }
    assertTrue(ENGINE.decode(batch));
    var bytes = new ByteArrayOutputStream();
    int output = batch.size() - 1;
    int position = prompt.length;
    try (Sampler sampler = ENGINE.sampler(sampling(seed), grammar)) {
      for (int i = 0; i < MOST_TOKENS; i++) {
        int token = sampler.sample(output);
        if (ENGINE.endsGeneration(token)) {
          return bytes.toString(StandardCharsets.UTF_8);
        }
        bytes.writeBytes(ENGINE.piece(token));
        batch.clear();
        output = batch.add(token, position++, 0, true);
        assertTrue(ENGINE.decode(batch));
      }
    }
    return null;
  }

  /** Any token is about as likely, those that close something and end the answer more. */
  private static Sampling sampling(int seed) {
    Map<Integer, Double> bias = new HashMap<>();
    for (String closing : List.of("\"", "}", "]", "\"}", "<|im_end|>", "0")) {
      bias.put(ENGINE.tokenize(closing, false, true)[0], seed % 2 == 0 ? 5.0 : 8.0);
    }
    Sampling asked =
        Sampling.builder()
            .temperature(2.0)
            .topK(0)
            .topP(1.0)
            .seed((long) seed)
            .logitBias(bias)
            .build();
    return TinyChat.settings().resolve(asked, 1024);
  }
}
