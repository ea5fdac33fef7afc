package example;

import dev.finch.remote.RemoteFinch;
import java.net.URI;

/** Asks the server at the address that it is given. */
public final class Service {

  private Service() {}

  public static void main(String[] args) {
    try (RemoteFinch finch = RemoteFinch.connect(URI.create(args[0]))) {
      var answer = finch.ask("What is the capital of France?");
      System.out.println(answer.text() + " -- " + answer.provenance().provider());
    }
  }
}
