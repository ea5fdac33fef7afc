package dev.finch.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * A process of its own that frees models while other threads turn texts into tokens: {@code COUNT}.
 * Says how many texts were finished and how many were refused because the model had gone.
 */
final class UnloadChild {

  public static void main(String[] args) throws InterruptedException {
    int finished = 0;
    int refused = 0;
    String[] texts = {
      "a".repeat(300_000), "The cat sat. ".repeat(20_000), "<|im_start|>user\nHi ".repeat(5_000)
    };
    for (int i = 0; i < Integer.parseInt(args[0]); i++) {
      Engine engine =
          TinyChat.engines().load(TinyChat.settings().plan(TinyChat.model(), null), _ -> true);
      List<Work> works = new ArrayList<>();
      for (String text : texts) {
        Work work = new Work(engine, text);
        work.start();
        works.add(work);
      }
      while (works.stream().allMatch(work -> work.done == 0) && i % 3 > 0) {
        Thread.onSpinWait();
      }
      engine.close();
      for (Work work : works) {
        work.join();
        finished += work.done;
        refused += work.refused ? 1 : 0;
      }
    }
    System.out.println("finished " + finished + " refused " + refused);
  }

  /** Tokenizes the same text until the model is gone. */
  private static final class Work extends Thread {
    private final Engine engine;
    private final String text;
    volatile int done;
    volatile boolean refused;

    Work(Engine engine, String text) {
      this.engine = engine;
      this.text = text;
    }

    @Override
    public void run() {
      try {
        while (true) {
          engine.tokenize(text, true, true);
          done++;
        }
      } catch (IllegalStateException e) {
        refused = true;
      }
    }
  }

  private UnloadChild() {}
}
