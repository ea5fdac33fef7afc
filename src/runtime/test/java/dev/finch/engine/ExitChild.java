package dev.finch.engine;

/** Loads the small model, answers, frees it, ends its actor system and returns from main. */
final class ExitChild {

  private ExitChild() {}

  public static void main(String[] args) {
    LoaderKit kit = new LoaderKit();
    try (var loaded = kit.load(TinyChat.settings("threads = 2"))) {
      System.out.println(loaded.ask(TinyChat.greedy("What is the capital of France?")).text());
    } finally {
      kit.close();
    }
  }
}
