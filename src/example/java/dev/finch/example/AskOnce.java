package dev.finch.example;

import dev.finch.Finch;
import dev.finch.inference.Answer;
import dev.finch.runtime.FinchOptions;
import dev.finch.runtime.LocalFinch;

/** Finch in three lines: an actor system of its own, one question, the whole answer. */
public final class AskOnce {

  private AskOnce() {}

  public static void main(String[] args) {
    String question = args.length > 0 ? args[0] : "What is the capital of France?";
    try (Finch finch = LocalFinch.start(FinchOptions.builder().model("builtin").build())) {
      Answer answer = finch.ask(question);
      System.out.println(answer.text());
      System.out.println("-- " + answer.provenance() + ", " + answer.usage());
    }
  }
}
