package dev.finch.runtime;

import com.typesafe.config.ConfigFactory;
import dev.finch.failure.FinchException;
import dev.finch.inference.Answer;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.model.ModelReference;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** {@code NoEngineChild CLAUDE DIRECTORY} loads, asks whoever may answer, and asks only locally. */
final class NoEngineChild {

  private NoEngineChild() {}

  public static void main(String[] arguments) {
    var config =
        ConfigFactory.parseMap(
            Map.of(
                "finch.model",
                "builtin",
                "finch.cloud.endpoint",
                arguments[0],
                "finch.cloud.api-key",
                "sk-ant-test",
                "finch.directories.state",
                arguments[1] + "/state",
                "finch.directories.cache",
                arguments[1] + "/cache"));
    GenerateRequest open = GenerateRequest.of("Hello!");
    GenerateRequest secret = open.toBuilder().privacy(Privacy.LOCAL_ONLY).build();
    try (LocalFinch finch = LocalFinch.start(config)) {
      System.out.println("load: " + failure(finch.loadAsync(ModelReference.BUILT_IN)));
      System.out.println("state: " + finch.state().describe());
      Answer answer = finch.askAsync(open).toCompletableFuture().join();
      System.out.println("open: " + answer.provenance().provider() + " " + answer.text());
      System.out.println("secret: " + failure(finch.askAsync(secret)));
    }
  }

  private static String failure(CompletionStage<?> stage) {
    try {
      return "worked: " + stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      return ((FinchException) e.getCause()).failure().toString();
    }
  }
}
