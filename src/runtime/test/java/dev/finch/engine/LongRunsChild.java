package dev.finch.engine;

import dev.finch.failure.FinchException;
import dev.finch.gguf.ChangedModel;
import dev.finch.gguf.TokenizerMutator;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A process of its own that tokenizes long runs and mixtures as Finch does and as llama.cpp does on
 * a stack of gigabytes: {@code DIRECTORY SEED MILLISECONDS LONGEST PRE-TOKENIZER…}. It ends with an
 * error where the two differ, and says how much it tried.
 */
final class LongRunsChild {

  /** Address space only: what is not touched costs nothing. */
  private static final long ORACLE_STACK = 3L << 30;

  /** Stands for a vocabulary that needs no pre-tokenizer. */
  static final String SENTENCE_PIECES = "sentence-pieces";

  private static final List<String> UNITS =
      List.of(
          "a",
          "Z",
          "aB",
          "-",
          "[",
          "=",
          "0",
          "19",
          " ",
          "\n",
          "\r\n",
          " \n",
          "\t",
          "中文",
          "漢",
          "ひ",
          "カ",
          "😀",
          "👩‍👩‍👧",
          "é",
          "e\u0301",
          "\u0301",
          "ק",
          "ا",
          "ไทย",
          "नि",
          "'s",
          "- ",
          " a",
          "a1",
          "a=",
          "\u0000",
          "\ud800",
          "٣",
          "//\n",
          "。",
          "$",
          "\u200b",
          "\ue000",
          "\u00a0",
          "\u3000",
          "ACGT",
          "<|im_start|>",
          "<|im_end|>",
          "<|im_",
          "<|endoftext|>",
          "the cat ",
          "{\"a\":",
          "\u0085",
          "…");

  private final SplittableRandom random;
  private final int longest;
  private long texts;
  private long characters;

  private LongRunsChild(long seed, int longest) {
    random = new SplittableRandom(seed);
    this.longest = longest;
  }

  public static void main(String[] args) throws Exception {
    long end = System.nanoTime() + Long.parseLong(args[2]) * 1_000_000;
    LongRunsChild child = new LongRunsChild(Long.parseLong(args[1]), Integer.parseInt(args[3]));
    List<String> names = List.of(args).subList(4, args.length);
    for (int i = 0; i == 0 || System.nanoTime() < end; i++) {
      child.tryModel(Path.of(args[0]), names.get(i % names.size()));
    }
    System.out.println("texts " + child.texts + " characters " + child.characters);
  }

  private void tryModel(Path directory, String name) throws Exception {
    Path file = model(name).write(directory.resolve("model.gguf"));
    EngineFactory.Plan plan =
        new EngineFactory.Plan(
            List.of(file), 64, 0, 1, 2, 64, KvType.F16, 1, DevicePreference.CPU, true, Map.of());
    try (Engine engine = TinyChat.engines().load(plan, _ -> true)) {
      for (int i = 0; i < 12; i++) {
        compare((LlamaEngine) engine, name, text());
      }
    }
  }

  /** A model with this pre-tokenizer, some of whose plain tokens are looked for before words. */
  private ChangedModel model(String name) {
    ChangedModel model =
        name.equals(SENTENCE_PIECES)
            ? TokenizerMutator.sentencePieces(new ChangedModel().architecture("llama"))
            : new ChangedModel().text("tokenizer.ggml.pre", name);
    if (random.nextBoolean()) {
      int[] types =
          Arrays.stream(model.array("tokenizer.ggml.token_type").orElseThrow().wholes())
              .mapToInt(Math::toIntExact)
              .toArray();
      for (int i = 0; i < 12; i++) {
        types[300 + random.nextInt(600)] = 4;
      }
      model.int32s("tokenizer.ggml.token_type", types);
    }
    if (random.nextBoolean()) {
      model.flag("tokenizer.ggml.add_bos_token", true).flag("tokenizer.ggml.add_eos_token", true);
    }
    return model;
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    int parts = 1 + random.nextInt(random.nextInt(4) == 0 ? 400 : 6);
    for (int i = 0; i < parts; i++) {
      String unit = UNITS.get(random.nextInt(UNITS.size()));
      int most = Math.max(2, longest / parts / unit.length());
      text.append(
          unit.repeat(1 + random.nextInt(random.nextInt(3) == 0 ? most : Math.min(most, 9))));
      if (random.nextInt(6) == 0) {
        text.appendCodePoint(random.nextInt(0x3000));
      }
    }
    return text.toString();
  }

  private void compare(LlamaEngine engine, String name, String text) throws InterruptedException {
    boolean addSpecial = random.nextBoolean();
    boolean parseSpecial = random.nextBoolean();
    int run = TextRuns.in(text, TextRuns.Rule.of(name)).longest();
    if (!name.equals(SENTENCE_PIECES) && run > LlamaTokenizer.LONGEST_RUN) {
      requireRefusal(engine, text, run);
      return;
    }
    int[] expected = oracle(engine, text, addSpecial, parseSpecial);
    int[] actual = engine.tokenize(text, addSpecial, parseSpecial);
    if (!Arrays.equals(expected, actual)) {
      int at = Arrays.mismatch(expected, actual);
      throw new AssertionError(
          name
              + ": differs at token "
              + at
              + " of "
              + expected.length
              + " in a text of "
              + text.length()
              + ": "
              + text.substring(0, Math.min(200, text.length())));
    }
    texts++;
    characters += text.length();
  }

  private static void requireRefusal(LlamaEngine engine, String text, int run) {
    try {
      engine.tokenize(text, true, true);
    } catch (FinchException e) {
      String hint = String.valueOf(e.failure().hint().orElse(null));
      if (e.failure().message().contains("%,d".formatted(run))
          && hint.contains("a character of another kind, or shorten it")) {
        return;
      }
    }
    throw new AssertionError("a run of " + run + " bytes was not refused");
  }

  private static int[] oracle(LlamaEngine engine, String text, boolean add, boolean parse)
      throws InterruptedException {
    int[][] tokens = new int[1][];
    Thread thread =
        new Thread(
            null,
            () -> tokens[0] = engine.vocabulary().tokenize(text, add, parse),
            "oracle",
            ORACLE_STACK);
    thread.start();
    thread.join();
    return tokens[0];
  }
}
