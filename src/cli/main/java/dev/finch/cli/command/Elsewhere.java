package dev.finch.cli.command;

import dev.finch.cli.repl.SlashCommand;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Words that are commands of other tools (Ollama, LM Studio, llama.cpp, Claude Code, git, npm) or
 * of the REPL, and what Finch has for them. Nobody who types one alone means a question.
 */
final class Elsewhere {

  static final String ACCOUNTS = "Finch has no accounts; keys stand in the environment";

  private static final String NO_SUCH = "Finch runs models and does nothing else with them";
  private static final String FETCH = "`finch pull REFERENCE` fetches a model";
  private static final String CHAT = "`finch` alone is the chat";
  private static final String SETTINGS =
      "`finch config` shows every setting and where it can be changed";
  private static final String VECTORS = "`finch serve` makes vectors over HTTP";

  /** Commands only where they stand alone: with more behind it, each begins a question. */
  static final Map<String, String> ALONE = alone();

  /** Of the REPL of Ollama and of Claude Code. */
  private static final Set<String> OTHERS_SLASHES =
      Set.of(
          "/?",
          "/q",
          "/show",
          "/new",
          "/reset",
          "/compact",
          "/config",
          "/context",
          "/cost",
          "/init",
          "/login",
          "/logout",
          "/mcp",
          "/memory",
          "/resume",
          "/review",
          "/exit",
          "/bye");

  private Elsewhere() {}

  private static Map<String, String> alone() {
    Map<String, String> words = new LinkedHashMap<>();
    put(words, ACCOUNTS, "auth", "whoami", "account", "register");
    put(words, "`finch models` lists the models", "mod", "catalog", "catalogue", "library", "tags");
    put(
        words,
        "`finch models` lists the catalogue; what else the Hub has is named as hf:org/repo",
        "search");
    put(words, "`finch show REFERENCE` says what is known of a model", "info", "inspect");
    put(words, "`finch pull REFERENCE` fetches what is new of a model", "update", "upgrade");
    put(words, FETCH, "fetch", "clone", "import", "add");
    put(words, "`finch serve` starts a server, `finch` alone the chat", "launch", "daemon", "up");
    put(words, "`finch stop` unloads the model of a server", "kill", "down", "eject");
    put(words, CHAT, "repl", "shell", "cli", "continue", "resume");
    put(words, "`finch \"QUESTION\"` asks one", "generate", "complete", "completions", "prompt");
    put(words, VECTORS, "embed", "embedding", "embeddings");
    put(words, SETTINGS, "settings", "setup", "init", "env", "set");
    put(words, "`finch ledger` says what was used", "usage", "cost");
    put(words, "`finch doctor` says what works here", "health", "debug", "diagnose");
    put(words, "`finch prune` frees what is not needed", "clean", "gc", "purge");
    put(words, NO_SUCH, "bench", "quantize", "train", "finetune", "convert", "publish", "mcp");
    return Map.copyOf(words);
  }

  private static void put(Map<String, String> to, String instead, String... words) {
    for (String word : words) {
      to.put(word, instead);
    }
  }

  /** What is said to a slash command where no REPL reads it; null where the word is none. */
  static @Nullable String slash(String typed) {
    String word = typed.toLowerCase(Locale.ROOT);
    SlashCommand command = SlashCommand.of(word);
    if (command == null && !OTHERS_SLASHES.contains(word)) {
      return null;
    }
    String name = word.substring(1);
    String instead = command == SlashCommand.QUIT ? "there is nothing to leave" : instead(name);
    String kind = command == null ? " is no command" : " is a command of the REPL";
    return word + kind + (instead == null ? ", which is `finch` alone." : ": " + instead + ".");
  }

  private static @Nullable String instead(String name) {
    if (Invocation.COMMANDS.contains(name) || name.equals("help")) {
      return "here it is `finch " + name + "`";
    }
    if (List.of("local", "cloud", "model", "system").contains(name)) {
      return "here it is the option --" + name;
    }
    String known = Invocation.ELSEWHERE.get(name);
    return known != null ? known : ALONE.get(name);
  }
}
