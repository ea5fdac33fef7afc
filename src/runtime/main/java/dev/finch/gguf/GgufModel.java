package dev.finch.gguf;

import dev.finch.model.ModelConfig;
import java.util.List;
import java.util.Optional;

/**
 * A model's header: one file, or all parts of a split set in order. Immutable.
 *
 * @param parts the metadata stands in the first
 */
public record GgufModel(List<GgufFile> parts) {

  public GgufModel {
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("parts: [] (expected: at least one)");
    }
  }

  /** The file whose metadata counts. */
  public GgufFile header() {
    return parts.getFirst();
  }

  /** The tensors of all parts. */
  public List<TensorInfo> tensors() {
    return parts.stream().flatMap(part -> part.tensors().stream()).toList();
  }

  /** llama.cpp's name of the architecture; empty where the file has none. */
  public String architecture() {
    return header().text("general.architecture").orElse("");
  }

  /** The model's own name, or empty. */
  public Optional<String> name() {
    return header().text("general.name");
  }

  /** The name of the quantization, for example {@code Q4_K_M}. */
  public String quantization() {
    return Quantization.name(header(), tensors());
  }

  /** Weights, counted. */
  public long parameters() {
    return tensors().stream().mapToLong(TensorInfo::elements).sum();
  }

  /** Bytes of all tensors. */
  public long weightBytes() {
    return tensors().stream().mapToLong(TensorInfo::bytes).sum();
  }

  /** The Jinja chat template, where the model brings one. */
  public Optional<String> chatTemplate() {
    return header().text("tokenizer.chat_template");
  }

  /**
   * The shape, with llama.cpp's defaults where the header is silent. Where layers differ in heads
   * the largest counts, so that memory computed from it is never too small.
   */
  public ModelConfig config() {
    return Hyperparameters.of(this).config();
  }
}
