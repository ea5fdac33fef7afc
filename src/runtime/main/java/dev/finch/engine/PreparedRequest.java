package dev.finch.engine;

import dev.finch.engine.PromptEncoder.Encoded;
import dev.finch.engine.grammar.Gbnf;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Sampling;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request whose prompt is ready: it waits for a slot or is being answered.
 *
 * @param submission what was asked, by whom
 * @param prompt in tokens
 * @param sampling with every default filled in
 * @param grammar that the answer must follow, or null
 * @param adapters that are in force, by name with their scales
 */
record PreparedRequest(
    Submission submission,
    Encoded prompt,
    Sampling sampling,
    @Nullable Gbnf grammar,
    Map<String, Double> adapters) {

  String name() {
    return submission.name();
  }

  GenerateRequest request() {
    return submission.request();
  }

  Outbox outbox() {
    return submission.outbox();
  }

  long submittedAt() {
    return submission.submittedAt();
  }
}
