package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.finch.gguf.GgufWriter;
import dev.finch.gguf.TensorData;
import dev.finch.gguf.TensorType;
import dev.finch.inference.GenerateRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LoRA adapters on the real engine. */
final class LoaderAdapterTest {

  private static final int WIDTH = 128;
  private static final int RANK = 4;

  @TempDir Path files;

  @Test
  void anAdapterActsWhereItIsAskedForAndNowhereElse() throws IOException {
    Path adapter = files.resolve("noise.gguf");
    write(adapter);
    LoaderKit kit = new LoaderKit();
    EngineSettings settings =
        TinyChat.withAdapters("noise { file = \"" + adapter + "\", scale = 0 }");
    try (var loaded = kit.load(settings)) {
      GenerateRequest plain = TinyChat.greedy("What is the capital of France?");
      GenerateRequest adapted = plain.toBuilder().adapters(Map.of("noise", 1.0)).build();
      assertEquals("The capital of France is Paris.", loaded.ask(plain).text());
      var changed = loaded.ask(adapted);
      assertNotEquals("The capital of France is Paris.", changed.text());
      assertEquals(0, changed.usage().cachedTokens());
      assertEquals("The capital of France is Paris.", loaded.ask(plain).text());

      // Beside each other, in steps of their own.
      var plainReader = loaded.send(TinyChat.greedy("What is the capital of France?"), 1000);
      var adaptedReader =
          loaded.send(
              TinyChat.greedy("What is the capital of France?").toBuilder()
                  .adapters(Map.of("noise", 1.0))
                  .build(),
              1000);
      assertEquals("The capital of France is Paris.", LoaderKit.answer(plainReader).text());
      assertEquals(changed.text(), LoaderKit.answer(adaptedReader).text());
    } finally {
      kit.close();
    }
    assertEquals(0, NativeCount.live());
  }

  /** Noise behind the attention of every layer, strong enough to change every answer. */
  private static void write(Path file) throws IOException {
    GgufWriter writer =
        new GgufWriter()
            .text("general.type", "adapter")
            .text("general.architecture", "qwen2")
            .text("adapter.type", "lora")
            .float32("adapter.lora.alpha", 64);
    for (int layer = 0; layer < 4; layer++) {
      String name = "blk." + layer + ".attn_output.weight";
      tensor(writer, name + ".lora_a", WIDTH, RANK);
      tensor(writer, name + ".lora_b", RANK, WIDTH);
    }
    writer.write(file);
  }

  private static void tensor(GgufWriter writer, String name, long columns, long rows) {
    writer.tensor(
        name,
        TensorType.F32,
        List.of(columns, rows),
        TensorData.of(TensorType.F32, LoaderAdapterTest::noise));
  }

  private static void noise(long first, float[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) Math.sin((first + i) * 7.3);
    }
  }
}
