package dev.finch.gguf;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.FinchException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What of a tokenizer is never given to llama.cpp. */
final class TokenizerCheckTest {

  @Test
  void takesTheModelAsItIs() {
    assertDoesNotThrow(() -> Fixtures.checked(new ChangedModel().bytes()));
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        kind("rwkv"),
        kind("bert"),
        kind("t5"),
        kind("llama"),
        kind("none"),
        of("one of [gpt2, llama]", m -> m.architecture("llama").text("tokenizer.ggml.model", "t5")),
        of("one of [llama]", m -> m.architecture("gemma2")),
        of("pre-tokenizer 'superbpe'", m -> m.text("tokenizer.ggml.pre", "superbpe")),
        of("a vocabulary of 1 tokens", m -> small(m, 1)),
        of("a vocabulary of 11 tokens", m -> small(m, 11)),
        of("no token <0x00>", m -> m.architecture("llama").text("tokenizer.ggml.model", "llama")),
        of(
            "badly escaped",
            m ->
                m.architecture("rwkv6")
                    .text("tokenizer.ggml.model", "rwkv")
                    .texts("tokenizer.ggml.tokens", with(m, 5, "\\xZ1"))),
        of(
            "badly escaped",
            m ->
                m.architecture("rwkv6")
                    .text("tokenizer.ggml.model", "rwkv")
                    .texts("tokenizer.ggml.tokens", with(m, 5, "a\\xff".repeat(100_000) + "\\x"))),
        of(
            "no token for the byte",
            m ->
                m.architecture("rwkv7")
                    .text("tokenizer.ggml.model", "rwkv")
                    .texts(
                        "tokenizer.ggml.tokens",
                        IntStream.range(0, 300).mapToObj(i -> "t" + i).toList())
                    .int32s("tokenizer.ggml.token_type", new int[300])),
        of("equals", m -> m.texts("tokenizer.ggml.tokens", with(m, 9, "", 10, "[EMPTY_9]"))),
        of("equals", m -> m.texts("tokenizer.ggml.tokens", with(m, 9, "a\u0000b", 10, "a\u0000c"))),
        of("the merge ''", m -> m.texts("tokenizer.ggml.merges", List.of("a b", ""))),
        of("the merge 'ab'", m -> m.texts("tokenizer.ggml.merges", List.of("ab"))),
        of("token_type has 3 entries", m -> m.int32s("tokenizer.ggml.token_type", 1, 1, 1)));
  }

  @ParameterizedTest
  @MethodSource
  void refused(String expected, Consumer<ChangedModel> change) {
    ChangedModel model = new ChangedModel();
    change.accept(model);
    FinchException refused =
        assertThrows(FinchException.class, () -> Fixtures.checked(model.bytes()));
    assertTrue(refused.failure().message().contains(expected), refused.failure().message());
  }

  private static Arguments kind(String kind) {
    return of("'" + kind + "' (expected", m -> m.text("tokenizer.ggml.model", kind));
  }

  private static void small(ChangedModel model, int size) {
    model
        .texts("tokenizer.ggml.tokens", model.tokens().subList(0, size))
        .int32s("tokenizer.ggml.token_type", new int[size]);
  }

  private static List<String> with(ChangedModel model, Object... changes) {
    List<String> tokens = new ArrayList<>(model.tokens());
    for (int i = 0; i < changes.length; i += 2) {
      tokens.set((int) changes[i], (String) changes[i + 1]);
    }
    return tokens;
  }

  private static Arguments of(String expected, Consumer<ChangedModel> change) {
    return Arguments.of(expected, change);
  }
}
