package dev.finch.engine;

import dev.finch.inference.AnswerContract;
import dev.finch.inference.GenerateRequest;
import dev.finch.provider.Inference;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;

final class LoaderContractTest extends AnswerContract {

  private static final LoaderKit KIT = new LoaderKit();
  private static final LoaderKit.Loaded LOADED = KIT.load(TinyChat.settings());

  @AfterAll
  static void stop() {
    LOADED.close();
    KIT.close();
  }

  @Override
  protected ActorTestKit actors() {
    return KIT.actors;
  }

  @Override
  protected ActorRef<Inference.Command> provider() {
    return LOADED.ready.inference();
  }

  @Override
  protected GenerateRequest request() {
    return TinyChat.greedy("Tell me a story.");
  }
}
