package dev.finch.gguf;

import dev.finch.model.ModelConfig;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What llama.cpp b4916 takes on trust and ends the process over once it builds or runs the graph:
 * numbers outside the range of an operation, and tensors of types that no operation reads.
 */
final class GraphCheck {

  private static final int MAX_EXPERTS = 256;

  private static final Set<String> ROPE_SCALINGS = Set.of("none", "linear", "yarn", "longrope");

  /** Architectures whose graph rotates a whole head or nothing. */
  private static final Set<String> WHOLE_ROTATION =
      Set.of(
          "arctic",
          "deepseek",
          "granite",
          "granitemoe",
          "internlm2",
          "llama",
          "minicpm",
          "olmo",
          "olmo2",
          "olmoe",
          "qwen",
          "qwen2",
          "qwen2moe",
          "qwen2vl",
          "xverse");

  /** Types that a matrix of weights cannot have: none of them can be multiplied from. */
  private static final Set<TensorType> NO_WEIGHTS =
      EnumSet.of(
          TensorType.I8,
          TensorType.I16,
          TensorType.I32,
          TensorType.I64,
          TensorType.F64,
          TensorType.Q8_1,
          TensorType.Q8_K);

  private final GgufFile header;
  private final String prefix;

  private GraphCheck(GgufModel model) {
    this.header = model.header();
    this.prefix = model.architecture() + ".";
  }

  static void require(GgufModel model) {
    GraphCheck check = new GraphCheck(model);
    check.experts();
    check.reals();
    check.epsilons();
    check.ropeScaling();
    check.pooling();
    check.rotation(model.config());
    requireTypes(model);
  }

  /** Types only: an adapter has no numbers of its own. */
  static void requireTypes(GgufModel model) {
    for (GgufFile part : model.parts()) {
      for (TensorInfo tensor : part.tensors()) {
        boolean vector = tensor.shape().size() == 1;
        if (vector ? tensor.type() != TensorType.F32 : NO_WEIGHTS.contains(tensor.type())) {
          throw GgufFailures.file(
              part.file(),
              "tensor '" + tensor.name() + "' " + tensor.shape() + " has type " + tensor.type(),
              vector ? "F32" : "a type for weights");
        }
      }
    }
  }

  private void experts() {
    long experts = header.whole(prefix + "expert_count").orElse(0);
    long used = header.whole(prefix + "expert_used_count").orElse(0);
    if (experts < 0 || experts > MAX_EXPERTS) {
      throw invalid("expert_count", experts, "0 to " + MAX_EXPERTS);
    }
    if (used < 0 || used > experts || (used == 0 && experts > 0)) {
      throw invalid("expert_used_count", used, experts == 0 ? "0" : "1 to " + experts);
    }
  }

  /** llama.cpp computes with whatever stands there, and answers nonsense. */
  private void reals() {
    header
        .metadata()
        .forEach(
            (key, value) -> {
              if (key.startsWith(prefix)
                  && value instanceof MetadataValue.Real(ValueType _, double number)) {
                requireUsable(key.substring(prefix.length()), number);
              }
            });
  }

  private void requireUsable(String key, double number) {
    if (!Double.isFinite(number)) {
      throw invalid(key, number, "a finite number");
    }
    if (key.startsWith("rope.freq_base") && number <= 0) {
      throw invalid(key, number, "more than 0");
    }
  }

  private void epsilons() {
    for (String name :
        List.of("layer_norm_epsilon", "layer_norm_rms_epsilon", "group_norm_epsilon")) {
      String key = "attention." + name;
      if (header.metadata().get(prefix + key)
              instanceof MetadataValue.Real(ValueType _, double epsilon)
          && !(epsilon > 0 && epsilon < 1)) {
        throw invalid(key, epsilon, "between 0 and 1");
      }
    }
  }

  private void ropeScaling() {
    header
        .text(prefix + "rope.scaling.type")
        .filter(type -> !ROPE_SCALINGS.contains(type))
        .ifPresent(
            type -> {
              throw invalid("rope.scaling.type", "'" + type + "'", "one of " + ROPE_SCALINGS);
            });
  }

  private void pooling() {
    long type = header.whole(prefix + "pooling_type").orElse(0);
    if (type < 0 || type > 4) {
      throw invalid("pooling_type", type, "0 to 4");
    }
  }

  private void rotation(ModelConfig config) {
    if (!WHOLE_ROTATION.contains(config.architecture())) {
      return;
    }
    long head = config.headDimension();
    for (String key :
        List.of("rope.dimension_count", "attention.key_length", "attention.value_length")) {
      long given = header.whole(prefix + key).orElse(head);
      if (given != head) {
        throw invalid(key, given, head + ", one head");
      }
    }
  }

  private RuntimeException invalid(String key, Object value, String expected) {
    return GgufFailures.file(header.file(), prefix + key + " is " + value, expected);
  }
}
