package dev.finch.cli.repl;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The commands of the REPL: the one table that help, completion and dispatch are made from. */
public enum SlashCommand {
  HELP("", "this list"),
  MODEL("[REFERENCE]", "show the model, or fetch and load another"),
  MODELS("", "the catalogue, and what is cached"),
  FIT("", "what this machine offers and which model it gets"),
  PULL("REFERENCE", "fetch a model into the cache"),
  STATUS("", "what goes on behind"),
  LOCAL("", "from now on nothing leaves this machine"),
  CLOUD("", "from now on Claude answers"),
  AUTO("", "local where possible, Claude until then (the default)"),
  SYSTEM("[TEXT | -]", "show, set or remove the system prompt"),
  SET("[NAME VALUE]", "temperature, top-p, top-k, min-p, seed, max-tokens, stop; - is the default"),
  CLEAR("", "forget what was said"),
  SAVE("FILE", "write the conversation to a file"),
  LOAD("FILE", "read a conversation from a file"),
  COPY("", "copy the last answer to the clipboard"),
  RETRY("", "ask the last question again"),
  USAGE("", "tokens and cost of this session"),
  LEDGER("", "what ever left this machine"),
  QUIT("", "leave");

  private final String arguments;
  private final String description;

  SlashCommand(String arguments, String description) {
    this.arguments = arguments;
    this.description = description;
  }

  String word() {
    return "/" + name().toLowerCase(Locale.ROOT);
  }

  String arguments() {
    return arguments;
  }

  String description() {
    return description;
  }

  /** Whether its argument is a model reference. */
  boolean takesModel() {
    return this == MODEL || this == PULL;
  }

  /**
   * The command that this word calls, other tools' words for leaving among them; null for no
   * command.
   */
  public static @Nullable SlashCommand of(String word) {
    for (SlashCommand command : values()) {
      if (command.word().equals(word)) {
        return command;
      }
    }
    return word.equals("/exit") || word.equals("/bye") ? QUIT : null;
  }
}
