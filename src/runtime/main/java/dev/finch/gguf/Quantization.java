package dev.finch.gguf;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Names of a file's quantization, as people and file names use them. */
final class Quantization {

  private static final long GUESSED = 1024;

  private static final Map<Long, String> BY_FILE_TYPE =
      Map.ofEntries(
          Map.entry(0L, "F32"),
          Map.entry(1L, "F16"),
          Map.entry(2L, "Q4_0"),
          Map.entry(3L, "Q4_1"),
          Map.entry(7L, "Q8_0"),
          Map.entry(8L, "Q5_0"),
          Map.entry(9L, "Q5_1"),
          Map.entry(10L, "Q2_K"),
          Map.entry(11L, "Q3_K_S"),
          Map.entry(12L, "Q3_K_M"),
          Map.entry(13L, "Q3_K_L"),
          Map.entry(14L, "Q4_K_S"),
          Map.entry(15L, "Q4_K_M"),
          Map.entry(16L, "Q5_K_S"),
          Map.entry(17L, "Q5_K_M"),
          Map.entry(18L, "Q6_K"),
          Map.entry(19L, "IQ2_XXS"),
          Map.entry(20L, "IQ2_XS"),
          Map.entry(21L, "Q2_K_S"),
          Map.entry(22L, "IQ3_XS"),
          Map.entry(23L, "IQ3_XXS"),
          Map.entry(24L, "IQ1_S"),
          Map.entry(25L, "IQ4_NL"),
          Map.entry(26L, "IQ3_S"),
          Map.entry(27L, "IQ3_M"),
          Map.entry(28L, "IQ2_S"),
          Map.entry(29L, "IQ2_M"),
          Map.entry(30L, "IQ4_XS"),
          Map.entry(31L, "IQ1_M"),
          Map.entry(32L, "BF16"),
          Map.entry(36L, "TQ1_0"),
          Map.entry(37L, "TQ2_0"));

  private Quantization() {}

  /** The name of {@code general.file_type}; where it says nothing, the type most bytes have. */
  static String name(GgufFile header, List<TensorInfo> tensors) {
    long fileType = header.whole("general.file_type").orElse(-1);
    String name = fileType < 0 ? null : BY_FILE_TYPE.get(fileType & ~GUESSED);
    return name == null ? commonest(tensors) : name;
  }

  private static String commonest(List<TensorInfo> tensors) {
    Map<TensorType, Long> bytes =
        tensors.stream()
            .collect(
                Collectors.groupingBy(TensorInfo::type, Collectors.summingLong(TensorInfo::bytes)));
    return bytes.entrySet().stream()
        .max(Map.Entry.<TensorType, Long>comparingByValue().thenComparing(Map.Entry::getKey))
        .map(entry -> entry.getKey().name())
        .orElse("unknown");
  }
}
