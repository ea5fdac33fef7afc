package dev.finch.claude;

import dev.finch.inference.AnswerContract;
import dev.finch.inference.GenerateRequest;
import dev.finch.provider.Inference;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;

final class ClaudeContractTest extends AnswerContract {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final LoopbackClaude CLAUDE =
      LoopbackClaude.start()
          .answerAlways(ClaudeScript.text("Der Buchfink 🐦 singt sehr früh am Morgen im Garten."));
  private static final ActorRef<Inference.Command> CLIENT =
      KIT.spawn(ClaudeClient.create(CloudSettings.of(CLAUDE)));

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
    CLAUDE.close();
  }

  @Override
  protected ActorTestKit actors() {
    return KIT;
  }

  @Override
  protected ActorRef<Inference.Command> provider() {
    return CLIENT;
  }

  @Override
  protected GenerateRequest request() {
    return GenerateRequest.of("What sings?");
  }

  @Override
  protected boolean onANetwork() {
    return true;
  }
}
