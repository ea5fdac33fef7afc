package dev.finch.engine;

import dev.finch.engine.PromptEncoder.Encoded;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Inference.Generate;
import dev.finch.inference.Sampling;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that was accepted: it waits for a slot or is being answered.
 *
 * @param generate what was asked, by whom
 * @param prompt in tokens
 * @param sampling with every default filled in
 * @param grammar that the answer must follow, or null
 * @param adapters that are in force, by name with their scales
 * @param outbox where its events go
 * @param submittedAt on the clock of {@link System#nanoTime}
 */
record Attempt(
    Generate generate,
    Encoded prompt,
    Sampling sampling,
    @Nullable String grammar,
    Map<String, Double> adapters,
    Outbox outbox,
    long submittedAt) {

  String name() {
    return generate.attempt();
  }

  GenerateRequest request() {
    return generate.request();
  }
}
