package dev.finch.gguf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** The built-in model with a damaged or unusual tokenizer. The same seed, the same. */
public final class TokenizerMutator {

  private static final List<String> KINDS =
      List.of("gpt2", "gpt2", "gpt2", "llama", "llama", "llama", "bert", "t5", "rwkv", "none");

  private static final List<String> PRES =
      List.of(
          "qwen2",
          "default",
          "llama-bpe",
          "tekken",
          "gpt-4o",
          "bloom",
          "deepseek-llm",
          "falcon",
          "jina-v2-de",
          "phi-2",
          "superbpe",
          "rwkv",
          "");

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a",
          "<0x41>",
          "<0xZZ>",
          "<0x",
          "\u0000",
          "x\u0000y",
          "😀",
          "[EMPTY_7]",
          "\u2581",
          "<|im_start|>",
          "</s>",
          "<unk>",
          "<mask>",
          "\\x",
          "\\xff",
          "Ġ",
          "ĠĠ",
          "\uFFFD",
          "é",
          "\n",
          "<EOT>",
          "<|eot_id|>",
          "b".repeat(5_000));

  private static final List<String> IDS =
      List.of(
          "bos",
          "eos",
          "unknown",
          "seperator",
          "padding",
          "cls",
          "mask",
          "eot",
          "eom",
          "fim_pre",
          "fim_suf",
          "fim_mid",
          "fim_pad",
          "fim_rep",
          "fim_sep",
          "prefix",
          "suffix",
          "middle");

  private final SplittableRandom random;
  private final ChangedModel model = new ChangedModel();
  private final List<String> tokens = new ArrayList<>(model.tokens());
  private final int[] types =
      Arrays.stream(model.array("tokenizer.ggml.token_type").orElseThrow().wholes())
          .mapToInt(Math::toIntExact)
          .toArray();

  private TokenizerMutator(long seed) {
    random = new SplittableRandom(seed);
  }

  /** The file's bytes. */
  public static byte[] mutate(long seed) {
    return new TokenizerMutator(seed).mutated();
  }

  private byte[] mutated() {
    String kind = KINDS.get(random.nextInt(KINDS.size()));
    model.text("tokenizer.ggml.model", kind);
    if (!kind.equals("gpt2") && random.nextInt(8) > 0) {
      model.architecture(kind.equals("rwkv") && random.nextBoolean() ? "rwkv6" : "llama");
    }
    if (kind.equals("llama") && random.nextInt(8) > 0) {
      sentencePieces();
    }
    model.texts("tokenizer.ggml.tokens", tokens).int32s("tokenizer.ggml.token_type", types);
    for (int i = random.nextInt(4); i > 0; i--) {
      damage();
    }
    byte[] file = model.bytes();
    return random.nextInt(4) == 0
        ? new HeaderMutator(random.nextLong())
            .mutate(file, (int) Fixtures.header(file).dataOffset())
        : file;
  }

  private void sentencePieces() {
    sentencePieces(model);
    tokens.clear();
    tokens.addAll(model.tokens());
    for (int i = 0; i < types.length; i++) {
      types[i] = pieceType(i);
    }
  }

  private static int pieceType(int token) {
    return token == 0 ? 2 : token < 3 ? 3 : token < 259 ? 6 : 1;
  }

  /** Gives a model a vocabulary in the manner of SentencePiece, as large as its own. */
  public static ChangedModel sentencePieces(ChangedModel model) {
    List<String> old = model.tokens();
    List<String> pieces = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    for (int value = 0; value <= 0xFF; value++) {
      pieces.add("<0x%02X>".formatted(value));
    }
    Set<String> known = new HashSet<>(pieces);
    for (String token : old) {
      String piece = token.replace('\u0120', '\u2581');
      if (pieces.size() < old.size() && known.add(piece)) {
        pieces.add(piece);
      }
    }
    while (pieces.size() < old.size()) {
      pieces.add("piece" + pieces.size());
    }
    return model
        .text("tokenizer.ggml.model", "llama")
        .texts("tokenizer.ggml.tokens", pieces)
        .int32s(
            "tokenizer.ggml.token_type",
            IntStream.range(0, pieces.size()).map(TokenizerMutator::pieceType).toArray())
        .floats("tokenizer.ggml.scores", pieces.size(), -1.5f)
        .whole("tokenizer.ggml.bos_token_id", 1)
        .whole("tokenizer.ggml.eos_token_id", 2);
  }

  private void damage() {
    switch (random.nextInt(11)) {
      case 0 -> model.text("tokenizer.ggml.pre", PRES.get(random.nextInt(PRES.size())));
      case 1, 2 -> {
        tokens.set(random.nextInt(tokens.size()), TEXTS.get(random.nextInt(TEXTS.size())));
        model.texts("tokenizer.ggml.tokens", tokens);
      }
      case 3 -> {
        types[random.nextInt(types.length)] = random.nextInt(-1, 9);
        model.int32s("tokenizer.ggml.token_type", types);
      }
      case 4 -> {
        int length = Math.max(0, types.length + random.nextInt(-2, 2));
        model.int32s("tokenizer.ggml.token_type", Arrays.copyOf(types, length));
      }
      case 5 -> {
        int size = random.nextBoolean() ? random.nextInt(40) : tokens.size();
        model.texts("tokenizer.ggml.tokens", tokens.subList(0, size));
        model.int32s("tokenizer.ggml.token_type", Arrays.copyOf(types, size));
      }
      case 6 -> merges();
      case 7, 8 ->
          model.whole(
              "tokenizer.ggml." + IDS.get(random.nextInt(IDS.size())) + "_token_id",
              random.nextInt(3) > 0 ? random.nextInt(tokens.size() + 2) : random.nextInt());
      case 9 ->
          model.flag(
              "tokenizer.ggml."
                  + List.of("add_bos_token", "add_eos_token", "add_space_prefix")
                      .get(random.nextInt(3)),
              random.nextBoolean());
      default ->
          model.text(
              "general.name", List.of("phi-3", "Phi-3 mini", "jina-v2").get(random.nextInt(3)));
    }
  }

  private void merges() {
    List<String> merges =
        new ArrayList<>(
            model.array("tokenizer.ggml.merges").map(MetadataValue.Array::texts).orElse(List.of()));
    for (int i = random.nextInt(4); i > 0 && !merges.isEmpty(); i--) {
      int at = random.nextInt(merges.size());
      switch (random.nextInt(5)) {
        case 0 -> merges.set(at, TEXTS.get(random.nextInt(TEXTS.size())));
        case 1 -> merges.remove(at);
        case 2 -> merges.add(merges.get(at));
        case 3 -> merges.set(at, merges.get(at).replace(" ", ""));
        default -> merges.add("a " + "b".repeat(1 + random.nextInt(300)));
      }
    }
    model.texts("tokenizer.ggml.merges", merges);
  }
}
