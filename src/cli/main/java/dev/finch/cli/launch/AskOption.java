package dev.finch.cli.launch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a question and of the REPL: the one table that parsing, {@code --help}, completion
 * and the man page are made from.
 */
@SuppressWarnings("ImmutableEnumChecker") // the list is one of List.of
public enum AskOption {
  MODEL(
      "REFERENCE",
      "the local model: auto, a name from `finch models`, hf:org/repo[:quantization], "
          + "file:/path.gguf, builtin, random:shape",
      "-m",
      "--model"),
  LOCAL(null, "answer on this machine or not at all: nothing is sent to a network", "--local"),
  CLOUD(null, "let Claude answer", "--cloud"),
  WAIT(null, "wait for the local model, downloading it where needed", "--wait"),
  SYSTEM("TEXT", "the system prompt", "-s", "--system"),
  TEMPERATURE("0-2", "how freely tokens are chosen; 0 always takes the likeliest", "--temperature"),
  SEED("NUMBER", "the same seed gives the same answer", "--seed"),
  MAX_TOKENS("NUMBER", "end the answer after so many tokens", "--max-tokens"),
  STOP("TEXT", "end the answer before this text; may be repeated", "--stop"),
  SCHEMA("FILE", "answer in JSON that validates against the JSON schema in this file", "--schema"),
  FILE("FILE", "append this file to the question; may be repeated; - is stdin", "-f", "--file"),
  JSON(null, "print one JSON object instead of text", "--json"),
  STREAM(null, "with --json, print one JSON line per event", "--stream"),
  ACCEPT_LICENSE(
      "ID",
      "accept a model licence that is not a free one, for example qwen-research",
      "--accept-license"),
  SERVER("URL", "ask a running `finch serve` instead of starting a runtime", "--server"),
  QUIET(null, "print nothing on stderr but errors", "-q", "--quiet"),
  VERBOSE(null, "show what happens, and stack traces of failures", "-v", "--verbose"),
  HELP(null, "show this help", "-h", "--help"),
  VERSION(null, "show the version", "-V", "--version");

  private final @Nullable String label;
  private final String description;
  private final List<String> names;

  AskOption(@Nullable String label, String description, String... names) {
    this.label = label;
    this.description = description;
    this.names = List.of(names);
  }

  /** What stands for the value in help texts; null for a flag. */
  public @Nullable String label() {
    return label;
  }

  /** What a value has to be, for messages. */
  public String expected() {
    return switch (this) {
      case TEMPERATURE -> "a number from 0 to 2";
      case SEED -> "a whole number of at most 64 bits";
      case MAX_TOKENS -> "a whole number from 1 to " + Integer.MAX_VALUE;
      default -> String.valueOf(label);
    };
  }

  /** What help texts say of it. */
  public String description() {
    return description;
  }

  /** All its names, with their dashes. */
  public List<String> names() {
    return names;
  }

  boolean repeatable() {
    return this == STOP || this == FILE || this == ACCEPT_LICENSE;
  }

  /** The option of this name, dashes included; null for none. */
  public static @Nullable AskOption named(String name) {
    for (AskOption option : values()) {
      if (option.names.contains(name)) {
        return option;
      }
    }
    return null;
  }
}
