package dev.finch.download;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the name of a GGUF file tells.
 *
 * @param path inside the repository
 * @param set the path without the split's number: one model's name
 * @param part which part of the set, from 1
 * @param parts how many parts the set has; 1 for a single file
 */
record GgufName(String path, String set, int part, int parts) {

  private static final Pattern SPLIT = Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})\\.gguf");

  private static final Pattern COMPANION =
      Pattern.compile(
          "(mmproj|imatrix).*|.*[-._](mmproj|imatrix)[-._].*|(mtp|eagle3|dflash|dspark)-.*");

  private static final Pattern BITS = Pattern.compile("(?:Q|MXFP)(\\d)");
  private static final int UNKNOWN = 50;
  private static final int HALF = 60;
  private static final int SINGLE = 70;

  private static final Pattern QUANTIZATION =
      Pattern.compile(
          "(?:^|[-._])((?:UD-)?(?:I?Q\\d[A-Z0-9_]*|TQ\\d_\\d|MXFP4[A-Z0-9_]*|BF16|FP?16|FP?32))(?=[-.]|$)");

  /** Null where the path is no GGUF model: another format, or a companion of one. */
  static @Nullable GgufName parse(String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    String name = lower.substring(lower.lastIndexOf('/') + 1);
    if (!name.endsWith(".gguf") || COMPANION.matcher(name).matches()) {
      return null;
    }
    Matcher split = SPLIT.matcher(lower);
    if (!split.matches()) {
      return new GgufName(path, path.substring(0, path.length() - ".gguf".length()), 1, 1);
    }
    int part = Integer.parseInt(split.group(2));
    int parts = Integer.parseInt(split.group(3));
    return part < 1 || part > parts
        ? null
        : new GgufName(path, path.substring(0, split.end(1)), part, parts);
  }

  /** The file's name without its folders. */
  String fileName() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** As it stands in the name, upper case, for example {@code Q4_K_M}; null where there is none. */
  @Nullable String quantization() {
    List<String> found =
        QUANTIZATION
            .matcher(set.substring(set.lastIndexOf('/') + 1).toUpperCase(Locale.ROOT))
            .results()
            .map(match -> match.group(1))
            .toList();
    return found.isEmpty() ? null : found.getLast();
  }

  /**
   * How far the weights are from four bits, more bits being nearer than fewer; names that tell
   * nothing stand behind all quantizations, and those of sixteen bits and more last.
   */
  int bitsFromFour() {
    String name = quantization();
    Matcher bits = BITS.matcher(name == null ? "" : name);
    if (!bits.find()) {
      return name == null ? UNKNOWN : name.contains("32") ? SINGLE : HALF;
    }
    int distance = Integer.parseInt(bits.group(1)) - 4;
    return distance >= 0 ? 2 * distance : 1 - 4 * distance;
  }

  /** Whether it is one of llama.cpp's K-quantizations, such as {@code Q4_K_S}. */
  boolean isKQuantization() {
    String name = quantization();
    return name != null && name.contains("_K") && !name.contains("IQ");
  }

  /** Whether the name, or a folder of it, holds this quantization as a word of its own. */
  boolean quantizedAs(String wanted) {
    return Pattern.compile(
            "(?i)(^|[-._/])" + Pattern.quote(wanted.replaceFirst("^[-._]", "")) + "([-./]|$)")
        .matcher(set)
        .find();
  }
}
