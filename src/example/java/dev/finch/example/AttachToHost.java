package dev.finch.example;

import com.typesafe.config.ConfigFactory;
import dev.finch.Finch;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.runtime.LocalFinch;
import dev.finch.streams.FinchSources;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Sink;

/** Finch below a service's own actor system, which goes on when Finch is closed. */
public final class AttachToHost {

  private AttachToHost() {}

  public static void main(String[] args) {
    ActorSystem<Void> host = ActorSystem.create(Behaviors.empty(), "my-service");
    try (Finch finch =
        LocalFinch.attach(host, ConfigFactory.parseString("finch.model = builtin"))) {
      FinchSources.stream(finch, GenerateRequest.of("Tell me a story."))
          .runWith(Sink.foreach(AttachToHost::show), host)
          .toCompletableFuture()
          .join();
    }
    System.out.println("The host still runs: " + !host.whenTerminated().isCompleted());
    host.terminate();
    host.getWhenTerminated().toCompletableFuture().join();
  }

  private static void show(AnswerEvent event) {
    switch (event) {
      case AnswerEvent.Delta(var text, _) -> System.out.print(text);
      case AnswerEvent.Finished finished -> System.out.println("\n-- " + finished.usage());
      case AnswerEvent.Failed(var failure) -> System.out.println("\n-- " + failure.describe());
      default -> {}
    }
  }
}
