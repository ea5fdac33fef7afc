package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.finch.inference.Answer;
import dev.finch.inference.FinishReason;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class LoaderTest {

  private static final LoaderKit KIT = new LoaderKit();

  @AfterAll
  static void stop() {
    KIT.close();
  }

  @Test
  void answersWithTheBuiltInModelAndFreesItWhenDrained() {
    try (LoaderKit.Loaded loaded = KIT.load(TinyChat.settings())) {
      Answer answer = loaded.ask(TinyChat.greedy("What is the capital of France?"));
      assertEquals("The capital of France is Paris.", answer.text());
      assertEquals(FinishReason.STOP, answer.finishReason());
    }
    assertEquals(0, NativeCount.live());
  }

  @Test
  void processesOnlyWhatIsNewOfAPromptThatItHasSeen() {
    try (LoaderKit.Loaded loaded = KIT.load(TinyChat.settings())) {
      Answer first = loaded.ask(TinyChat.greedy("What is the capital of France?"));
      Answer second = loaded.ask(TinyChat.greedy("What is the capital of France?"));
      assertEquals(0, first.usage().cachedTokens());
      assertEquals(first.usage().promptTokens() - 1, second.usage().cachedTokens());
      assertEquals(first.text(), second.text());
    }
  }
}
