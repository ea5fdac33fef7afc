package dev.finch.model;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * How a person names a model: {@code auto}, {@code qwen2.5-1.5b}, {@code
 * hf:org/repo[:quantization-or-file][@revision]}, {@code file:/path.gguf}, {@code builtin} or
 * {@code random:shape[@seed]}.
 *
 * <p>{@code toString()} gives the form that {@link #parse} reads.
 */
public sealed interface ModelReference {

  /** The model that fits this machine. */
  ModelReference AUTO = new Auto();

  /** The demonstration model inside the jar. */
  ModelReference BUILT_IN = new BuiltIn();

  /** The model that fits this machine. */
  record Auto() implements ModelReference {
    @Override
    public String toString() {
      return "auto";
    }
  }

  /**
   * A model of the catalogue.
   *
   * @param name the catalogue's key, lower case
   * @param quantization for example {@code q8_0}; null takes the catalogue's own choice
   */
  record Catalogued(String name, @Nullable String quantization) implements ModelReference {
    public Catalogued {
      requireNonNull(name, "name");
    }

    @Override
    public String toString() {
      return quantization == null ? name : name + ":" + quantization;
    }
  }

  /**
   * A GGUF model in a Hugging Face Hub repository.
   *
   * @param repository {@code organisation/name}
   * @param selector a quantization such as {@code Q4_K_M} or a file name; null takes the default
   * @param revision a branch, tag or commit; null means {@code main}
   */
  record Hub(String repository, @Nullable String selector, @Nullable String revision)
      implements ModelReference {
    public Hub {
      requireNonNull(repository, "repository");
    }

    @Override
    public String toString() {
      return "hf:"
          + repository
          + (selector == null ? "" : ":" + selector)
          + (revision == null ? "" : "@" + revision);
    }
  }

  /** A GGUF file on this machine; of a split set, any of its parts. */
  record LocalFile(Path path) implements ModelReference {
    public LocalFile {
      requireNonNull(path, "path");
    }

    @Override
    public String toString() {
      return "file:" + path;
    }
  }

  /** The demonstration model inside Finch's own jar. */
  record BuiltIn() implements ModelReference {
    @Override
    public String toString() {
      return "builtin";
    }
  }

  /**
   * A model with random weights, for tests and measurements: its answers mean nothing.
   *
   * @param shape a shape's name in configuration, or a catalogue name whose shape is borrowed
   * @param seed the weights' seed; the same seed gives the same weights
   */
  record Random(String shape, long seed) implements ModelReference {
    public Random {
      requireNonNull(shape, "shape");
    }

    @Override
    public String toString() {
      return "random:" + shape + (seed == 0 ? "" : "@" + seed);
    }
  }

  /** What {@link #parse} accepts, as one line for messages and help texts. */
  String FORMS =
      "auto, a catalogue name such as qwen2.5-1.5b, hf:org/repo[:quantization or file][@revision],"
          + " the address of a model's page on huggingface.co, file:/path.gguf, builtin, or"
          + " random:shape[@seed]";

  /**
   * Reads a reference. A bare path that ends in {@code .gguf} is taken as a file, {@code org/repo}
   * as a Hub repository, and the address of a page or a file on the Hub as what it shows; {@code ~}
   * at the beginning of a path is the home directory. {@code :latest}, which Ollama's clients put
   * behind every name, says nothing.
   *
   * @throws FinchException with {@link FailureCode#UNKNOWN_MODEL} where the text has none of the
   *     forms; whether a catalogue name exists is the catalogue's to say
   */
  static ModelReference parse(String text) {
    String trimmed = withoutLatest(text.strip());
    String lower = trimmed.toLowerCase(Locale.ROOT);
    if (lower.equals("auto")) {
      return AUTO;
    }
    if (lower.equals("builtin")) {
      return BUILT_IN;
    }
    if (lower.startsWith("builtin:")) {
      return builtIn(lower.substring("builtin:".length()), trimmed);
    }
    if (lower.startsWith("file:")) {
      return localFile(trimmed.substring("file:".length()), trimmed);
    }
    if (lower.startsWith("random:")) {
      return random(lower.substring("random:".length()), trimmed);
    }
    String named = lower.startsWith("hf:") ? trimmed.substring("hf:".length()) : trimmed;
    String address = HubAddress.rest(named);
    if (address != null || lower.startsWith("hf:")) {
      return hub(address == null ? named : address, trimmed);
    }
    if (lower.endsWith(".gguf") && trimmed.matches("(?s)(\\.|/|~/).*")) {
      return localFile(trimmed, trimmed);
    }
    if (Parts.HUB.matcher(trimmed).matches()) {
      return hub(trimmed, trimmed);
    }
    Matcher name = Parts.NAME.matcher(lower);
    if (name.matches()) {
      return new Catalogued(name.group(1), name.group(2));
    }
    throw invalid(trimmed, "is not a model reference");
  }

  /**
   * A name without the tag {@code :latest}, in any case of its letters; whole where it has the tag
   * twice, which no name has.
   */
  static String withoutLatest(String name) {
    int end = name.length() - Parts.LATEST.length();
    boolean file = name.regionMatches(true, 0, "file:", 0, "file:".length());
    boolean tagged = end > 0 && !file && isLatest(name, end);
    return tagged && !isLatest(name, end - Parts.LATEST.length()) ? name.substring(0, end) : name;
  }

  private static boolean isLatest(String name, int at) {
    return name.regionMatches(true, at, Parts.LATEST, 0, Parts.LATEST.length());
  }

  private static ModelReference builtIn(String quantization, String whole) {
    if (!quantization.equals(Parts.BUILT_IN_QUANTIZATION)) {
      throw refused(
          whole,
          "is not there: the demonstration model has " + Parts.BUILT_IN_QUANTIZATION + " only",
          "Name it builtin.");
    }
    return BUILT_IN;
  }

  private static ModelReference localFile(String path, String whole) {
    String plain = FileAddress.path(path);
    if (plain == null) {
      throw invalid(whole, "names another machine; on this one it is file:///path");
    }
    if (plain.isEmpty() || plain.chars().allMatch(c -> c == '/')) {
      throw invalid(whole, "names no file");
    }
    if (plain.chars().anyMatch(Character::isISOControl)) {
      throw invalid(whole, "has a control character in its path");
    }
    boolean home = plain.equals("~") || plain.startsWith("~/");
    return new LocalFile(Path.of(home ? home() + plain.substring(1) : plain));
  }

  /** A shell expands the tilde of a word of its own only, and here it stands after a prefix. */
  private static String home() {
    String home = System.getenv("HOME");
    return home == null || home.isEmpty() ? System.getProperty("user.home") : home;
  }

  private static ModelReference random(String rest, String whole) {
    Matcher matcher = Parts.RANDOM.matcher(rest);
    if (!matcher.matches()) {
      String why =
          rest.isEmpty() || rest.startsWith("@") ? "names no shape" : "is not random:shape[@seed]";
      throw refused(
          whole,
          why,
          "Name a shape, or a model of the catalogue whose shape is taken: random:small,"
              + " random:qwen2.5-0.5b@7.");
    }
    try {
      String seed = matcher.group(2);
      return new Random(matcher.group(1), seed == null ? 0 : Long.parseLong(seed));
    } catch (NumberFormatException e) {
      throw invalid(whole, "has a seed that is no 64-bit integer");
    }
  }

  private static ModelReference hub(String rest, String whole) {
    Matcher matcher = Parts.HUB.matcher(rest);
    if (!matcher.matches()) {
      throw invalid(whole, "is not hf:org/repo[:quantization or file][@revision]");
    }
    return new Hub(matcher.group(1), matcher.group(2), matcher.group(3));
  }

  private static FinchException invalid(String text, String why) {
    return refused(text, why, "Expected " + FORMS + "; `finch models` lists the catalogue.");
  }

  private static FinchException refused(String text, String why, String hint) {
    return new FinchException(
        Failure.permanent(FailureCode.UNKNOWN_MODEL, "'" + shown(text) + "' " + why + ".", hint));
  }

  /** A name as messages repeat it: without control characters, and no more than 200 of others. */
  static String shown(String name) {
    int end = Math.min(name.length(), Parts.SHOWN);
    boolean split = end < name.length() && Character.isHighSurrogate(name.charAt(end - 1));
    String start = name.substring(0, split ? end - 1 : end).replaceAll("\\p{Cntrl}", "?");
    return end < name.length() ? start + "…" : start;
  }
}
