package dev.finch.example;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.finch.Finch;
import dev.finch.inference.Answer;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Sampling;
import dev.finch.model.ModelReference;
import dev.finch.runtime.LocalFinch;

/**
 * The full flow from a reference to an answer, on a trained and on a random model, with the device
 * and the engine's facts; then the switch from one model to the other without a gap.
 */
public final class FullFlow {

  private static final GenerateRequest QUESTION =
      GenerateRequest.builder()
          .user("What is the capital of France?")
          .sampling(Sampling.builder().temperature(0.0).seed(7L).maxTokens(24).build())
          .build();

  private FullFlow() {}

  public static void main(String[] args) {
    Config config = ConfigFactory.parseString("finch.supervisor.prepare = none");
    try (Finch finch = LocalFinch.start(config)) {
      answerWith(finch, ModelReference.BUILT_IN);
      answerWith(finch, ModelReference.parse("random:small@7"));
    }
  }

  private static void answerWith(Finch finch, ModelReference model) {
    System.out.println(finch.load(model).describe());
    GenerateRequest request = QUESTION.toBuilder().id(model.toString()).model(model).build();
    Answer answer = finch.ask(request);
    System.out.println(answer.provenance().model() + ": " + answer.text());
  }
}
