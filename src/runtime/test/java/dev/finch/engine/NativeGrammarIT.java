package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.finch.engine.grammar.Gbnf;
import dev.finch.engine.grammar.SchemaGrammar;
import dev.finch.inference.Sampling;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** llama.cpp itself reads the grammars of all schemas, and what it samples under them validates. */
final class NativeGrammarIT {

  private static final int MOST_TOKENS = 120;

  private static final Engine ENGINE =
      TinyChat.engines()
          .load(TinyChat.settings("context-length = 256").plan(TinyChat.model(), null), _ -> true);

  private static final SchemaRegistry VALIDATORS =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemaRegistryConfig(
                  SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

  @AfterAll
  static void stop() {
    ENGINE.close();
  }

  private static List<String> schemas() throws IOException {
    Path file = Path.of("src/runtime/test/resources/dev/finch/engine/grammar/schemas.txt");
    return Files.readAllLines(file).stream().filter(line -> !line.startsWith("#")).toList();
  }

  /** No JSON begins with this letter, so a sampler that likes it best and takes it is not bound. */
  @Test
  void everyGrammarBindsTheSampler() throws IOException {
    int letter = ENGINE.tokenize("z", false, false)[0];
    assertEquals("z", new String(ENGINE.piece(letter), StandardCharsets.UTF_8));
    Sampling likes = sampling(1).toBuilder().logitBias(Map.of(letter, 100.0)).build();
    int output = prompted();
    for (String schema : schemas()) {
      try (Sampler sampler = ENGINE.sampler(likes, SchemaGrammar.of(schema))) {
        assertNotEquals(letter, sampler.sample(output), schema);
      }
    }
  }

  @Test
  void whatIsSampledValidates() throws IOException {
    List<String> schemas = schemas();
    int whole = 0;
    for (int i = 0; i < schemas.size(); i++) {
      String answer = generated(SchemaGrammar.of(schemas.get(i)), i);
      if (answer != null) {
        whole++;
        List<Error> errors =
            VALIDATORS
                .getSchema(schemas.get(i), InputFormat.JSON)
                .validate(answer, InputFormat.JSON);
        assertEquals(List.of(), errors, answer);
      }
    }
    assertTrue(whole >= 100, whole + " answers came to their end");
  }

  @Test
  void grammarsAllowTheTokensThatLlamaCppAllows() throws Exception {
    String said = new ChildJvm("-Xmx512m").run(GrammarOracleChild.class, 3, 5_000);
    assertTrue(said.matches("(?s).*compared [1-9]\\d{3,}.*"), said);
  }

  /** Decodes a prompt anew; gives the index of its logits. */
  private static int prompted() {
    ENGINE.truncate(0, 0);
    int[] prompt = ENGINE.tokenize("Answer in JSON: ", true, true);
    StepBatch batch = new StepBatch();
    for (int i = 0; i < prompt.length; i++) {
      batch.add(prompt[i], i, 0, i == prompt.length - 1);
    }
    assertTrue(ENGINE.decode(batch));
    return batch.size() - 1;
  }

  /** The answer, or null where it did not end in time. */
  private static @Nullable String generated(Gbnf grammar, int seed) {
    var bytes = new ByteArrayOutputStream();
    int output = prompted();
    int position = output + 1;
    StepBatch batch = new StepBatch();
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
      bias.put(ENGINE.tokenize(closing, false, true)[0], 6.0);
    }
    Sampling asked =
        Sampling.builder()
            .temperature(2.0)
            .topK(0)
            .topP(1.0)
            .seed((long) seed)
            .logitBias(bias)
            .build();
    return TinyChat.settings().resolve(asked, 256);
  }
}
