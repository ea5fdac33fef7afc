package example;

import com.typesafe.config.ConfigFactory;
import dev.finch.runtime.LocalFinch;
import java.nio.file.Path;
import java.util.Map;

/** Asks the built-in model in this process. */
public final class Service {

  private Service() {}

  public static void main(String[] args) {
    String directory = Path.of(args[0]).toString();
    var settings =
        ConfigFactory.parseMap(
            Map.of(
                "finch.model",
                "builtin",
                "finch.cloud.enabled",
                "off",
                "finch.directories.state",
                directory,
                "finch.directories.cache",
                directory));
    try (LocalFinch finch = LocalFinch.start(settings)) {
      var answer = finch.ask("What is the capital of France?");
      System.out.println(answer.text() + " -- " + answer.provenance().provider());
    }
  }
}
