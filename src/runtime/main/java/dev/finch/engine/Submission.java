package dev.finch.engine;

import dev.finch.inference.GenerateRequest;
import dev.finch.provider.Inference.Generate;

/**
 * A request for an answer that was taken on.
 *
 * @param generate what was asked, by whom
 * @param outbox where its events go
 * @param submittedAt on the clock of {@link System#nanoTime}
 */
record Submission(Generate generate, Outbox outbox, long submittedAt) {

  String name() {
    return generate.attempt();
  }

  GenerateRequest request() {
    return generate.request();
  }
}
