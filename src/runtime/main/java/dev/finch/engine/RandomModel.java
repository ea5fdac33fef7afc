package dev.finch.engine;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.gguf.GgufFile;
import dev.finch.gguf.GgufWriter;
import dev.finch.gguf.MetadataValue;
import dev.finch.gguf.TensorData;
import dev.finch.gguf.TensorType;
import dev.finch.model.ModelConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A Qwen2 model of a wanted shape with random Q8_0 weights. It shares the tokenizer and the chat
 * template of the built-in model; a larger vocabulary is filled up with tokens that the tokenizer
 * never makes but the model may say.
 */
final class RandomModel {

  private static final String ARCHITECTURE = "qwen2";
  private static final int BLOCK = TensorType.Q8_0.blockElements();

  /** The token type of ordinary text, in llama.cpp's numbering. */
  private static final int NORMAL = 1;

  /** The standard deviation of numbers that are uniform from -b to b is b / sqrt(3). */
  private static final double UNIFORM = Math.sqrt(3);

  private final ModelConfig config;
  private final long seed;
  private final GgufFile tokenizer;
  private final GgufWriter writer = new GgufWriter();

  private RandomModel(ModelConfig config, long seed, GgufFile tokenizer) {
    this.config = config;
    this.seed = seed;
    this.tokenizer = tokenizer;
  }

  /**
   * What writes the model.
   *
   * @param tokenizer the header of the model whose tokenizer is borrowed
   * @throws FinchException with {@link FailureCode#BAD_REQUEST} for a shape that Qwen2 cannot have
   */
  static GgufWriter of(ModelConfig config, long seed, GgufFile tokenizer) {
    RandomModel model = new RandomModel(config, seed, tokenizer);
    model.requireShape();
    model.metadata();
    model.vocabulary();
    model.tensors();
    return model.writer;
  }

  private int vocabularyOfTokenizer() {
    return array("tokenizer.ggml.tokens").count();
  }

  private void requireShape() {
    require(config.architecture().equals(ARCHITECTURE), "architecture", ARCHITECTURE);
    require(config.embeddingLength() % BLOCK == 0, "embedding-length", "a multiple of " + BLOCK);
    require(
        config.feedForwardLength() % BLOCK == 0, "feed-forward-length", "a multiple of " + BLOCK);
    require(
        (long) config.heads() * config.headDimension() == config.embeddingLength(),
        "head-dimension",
        "embedding-length / heads");
    require(config.headDimension() % 2 == 0, "head-dimension", "even");
    require(config.heads() % config.kvHeads() == 0, "kv-heads", "a divisor of heads");
    require(config.layers() <= 512, "layers", "at most 512");
    int least = vocabularyOfTokenizer();
    require(config.vocabularySize() >= least, "vocabulary-size", "at least " + least);
  }

  private void require(boolean holds, String key, String expected) {
    if (!holds) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.BAD_REQUEST,
              "No random model of shape " + config + ": " + key + " (expected: " + expected + ").",
              "Change the shape under finch.random-shapes."));
    }
  }

  private void metadata() {
    String qwen2 = ARCHITECTURE + ".";
    writer
        .text("general.architecture", ARCHITECTURE)
        .text("general.name", "random weights, seed " + seed)
        .uint32("general.file_type", 7)
        .uint32(qwen2 + "context_length", config.contextLength())
        .uint32(qwen2 + "embedding_length", config.embeddingLength())
        .uint32(qwen2 + "block_count", config.layers())
        .uint32(qwen2 + "feed_forward_length", config.feedForwardLength())
        .uint32(qwen2 + "attention.head_count", config.heads())
        .uint32(qwen2 + "attention.head_count_kv", config.kvHeads())
        .float32(qwen2 + "rope.freq_base", 1_000_000)
        .float32(qwen2 + "attention.layer_norm_rms_epsilon", 1e-6);
    tokenizer.metadata().forEach(this::borrow);
  }

  private void borrow(String key, MetadataValue value) {
    if (key.startsWith("tokenizer.")) {
      writer.put(key, value);
    }
  }

  private void vocabulary() {
    List<String> tokens = new ArrayList<>(array("tokenizer.ggml.tokens").texts());
    int[] types = new int[config.vocabularySize()];
    Arrays.fill(types, NORMAL);
    long[] known = array("tokenizer.ggml.token_type").wholes();
    for (int i = 0; i < known.length; i++) {
      types[i] = (int) known[i];
    }
    for (int i = tokens.size(); i < config.vocabularySize(); i++) {
      // The tokenizer's spelling of " w1024", a word that no merge leads to.
      tokens.add("\u0120w" + i);
    }
    writer.texts("tokenizer.ggml.tokens", tokens).int32s("tokenizer.ggml.token_type", types);
  }

  private MetadataValue.Array array(String key) {
    return tokenizer
        .array(key)
        .orElseThrow(() -> new IllegalStateException("the built-in model has no " + key));
  }

  private void tensors() {
    int width = config.embeddingLength();
    matrix("token_embd", width, config.vocabularySize());
    for (int layer = 0; layer < config.layers(); layer++) {
      block("blk." + layer + ".");
    }
    norm("output_norm");
    if (!config.tiedEmbeddings()) {
      matrix("output", width, config.vocabularySize());
    }
  }

  private void block(String prefix) {
    int width = config.embeddingLength();
    int kvWidth = config.kvHeads() * config.headDimension();
    int hidden = config.feedForwardLength();
    norm(prefix + "attn_norm");
    norm(prefix + "ffn_norm");
    matrix(prefix + "attn_q", width, width);
    bias(prefix + "attn_q", width);
    matrix(prefix + "attn_k", width, kvWidth);
    bias(prefix + "attn_k", kvWidth);
    matrix(prefix + "attn_v", width, kvWidth);
    bias(prefix + "attn_v", kvWidth);
    matrix(prefix + "attn_output", width, width);
    matrix(prefix + "ffn_gate", width, hidden);
    matrix(prefix + "ffn_up", width, hidden);
    matrix(prefix + "ffn_down", hidden, width);
  }

  /** Variance 1 / inputs keeps activations, and so logits, near 1 whatever the shape. */
  private void matrix(String name, int inputs, int outputs) {
    RandomNumbers numbers = new RandomNumbers(seed, name);
    float bound = (float) (UNIFORM / Math.sqrt(inputs));
    writer.tensor(
        name + ".weight",
        TensorType.Q8_0,
        List.of((long) inputs, (long) outputs),
        TensorData.of(TensorType.Q8_0, (first, out) -> numbers.fill(first, bound, out)));
  }

  private void norm(String name) {
    writer.tensor(
        name + ".weight",
        TensorType.F32,
        List.of((long) config.embeddingLength()),
        TensorData.constant(TensorType.F32, 1));
  }

  private void bias(String name, int outputs) {
    writer.tensor(
        name + ".bias",
        TensorType.F32,
        List.of((long) outputs),
        TensorData.constant(TensorType.F32, 0));
  }
}
