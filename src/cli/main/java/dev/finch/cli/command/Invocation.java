package dev.finch.cli.command;

import dev.finch.cli.launch.AskOption;
import dev.finch.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the arguments of {@code finch} mean: a question, a command, or a slip of the hand. */
public sealed interface Invocation {

  /** A question or the REPL, with the arguments that {@code AskArguments} reads. */
  record Ask(List<String> arguments) implements Invocation {}

  /** A command with its arguments. */
  record Command(List<String> arguments) implements Invocation {}

  /** Neither: it looks like a command, and there is none of that name. */
  record Refused(String message) implements Invocation {}

  /**
   * What begins a command rather than a question. Here, because {@link Commands} describes them
   * with a library that the way to an answer never loads.
   */
  Set<String> COMMANDS =
      Set.of(
          "serve",
          "models",
          "list",
          "show",
          "fit",
          "pull",
          "rm",
          "prune",
          "verify",
          "status",
          "ps",
          "stop",
          "ledger",
          "doctor",
          "config",
          "completion",
          "man");

  /** Words of other tools, and the command of Finch that does it. */
  Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry("logs", "`finch doctor` says where the log is"),
          Map.entry("log", "`finch doctor` says where the log is"),
          Map.entry("chat", "`finch` alone is the chat"),
          Map.entry("version", "`finch --version` says it"),
          Map.entry("start", "`finch serve` starts a server"),
          Map.entry("download", "`finch pull REFERENCE` fetches a model"),
          Map.entry("get", "`finch pull REFERENCE` fetches a model"),
          Map.entry("install", "`finch pull REFERENCE` fetches a model"),
          Map.entry("remove", "`finch rm REFERENCE` removes a model"),
          Map.entry("delete", "`finch rm REFERENCE` removes a model"),
          Map.entry("uninstall", "`finch rm REFERENCE` removes a model"),
          Map.entry("load", "`finch run REFERENCE` asks a model"),
          Map.entry("unload", "`finch stop` unloads the model of a server"),
          Map.entry("restart", "`finch serve` starts a server, Ctrl-C or SIGTERM ends it"),
          Map.entry("exit", "there is nothing to leave"),
          Map.entry("quit", "there is nothing to leave"),
          Map.entry("bye", "there is nothing to leave"),
          Map.entry("create", "Finch makes no models"),
          Map.entry("push", "Finch publishes no models"),
          Map.entry("cp", "Finch copies no models"),
          Map.entry("signin", Elsewhere.ACCOUNTS),
          Map.entry("signout", Elsewhere.ACCOUNTS),
          Map.entry("login", Elsewhere.ACCOUNTS),
          Map.entry("logout", Elsewhere.ACCOUNTS));

  /**
   * Decides. Whatever has a blank in its first word, or follows {@code ask} or {@code --}, is a
   * question.
   */
  static Invocation of(List<String> arguments) {
    int at = firstWord(arguments);
    if (at < 0) {
      return new Ask(arguments);
    }
    String typed = arguments.get(at);
    List<String> options = arguments.subList(0, at);
    List<String> rest = arguments.subList(at + 1, arguments.size());
    String slash = Elsewhere.slash(typed);
    if (slash != null) {
      return new Refused(slash + howToAsk(arguments, at));
    }
    if (beginsASentence(typed, rest)) {
      return new Ask(arguments);
    }
    String word = typed.toLowerCase(Locale.ROOT);
    return switch (word) {
      case "ask" -> new Ask(joined(options, rest));
      case "help" -> help(options, rest);
      case "run" -> run(options, rest);
      case "ls" -> command("list", options, rest);
      case "show" ->
          // "show me the way" is a question to everyone but a parser.
          words(rest) > 1 ? new Ask(arguments) : command(word, options, rest);
      default -> {
        if (COMMANDS.contains(word)) {
          boolean question = !options.isEmpty() && words(rest) > 1;
          yield question ? new Ask(arguments) : command(word, options, rest);
        }
        yield looksLikeACommand(rest) || isAboutAModel(word, rest)
            ? refusedOrAsk(word, arguments, at)
            : new Ask(arguments);
      }
    };
  }

  /** "Show me the way" and "List all primes" are questions, "LIST" and "Models --json" are none. */
  private static boolean beginsASentence(String word, List<String> rest) {
    return Character.isUpperCase(word.charAt(0))
        && !word.equals(word.toUpperCase(Locale.ROOT))
        && !looksLikeACommand(rest);
  }

  private static Invocation help(List<String> options, List<String> rest) {
    if (words(rest) == 2 && isCommand(rest.getFirst())) {
      return new Refused(
          "finch help takes one command, and "
              + String.join(" ", rest)
              + " is more. To ask the model just that: finch ask help "
              + String.join(" ", rest));
    }
    if (words(rest) > 1) {
      return new Ask(joined(options, joined(List.of("help"), rest)));
    }
    if (rest.isEmpty() || rest.getFirst().startsWith("-")) {
      return new Ask(List.of("--help"));
    }
    String named = rest.getFirst().toLowerCase(Locale.ROOT);
    String about = named.equals("ls") ? "list" : named;
    if (about.equals("ask") || about.equals("help")) {
      return new Ask(List.of("--help"));
    }
    if (COMMANDS.contains(about) || about.equals("run")) {
      return new Command(List.of(about, "--help"));
    }
    return new Refused(
        Failure.sentences(
            "There is no command " + about + suggestion(about),
            "`finch --help` lists them; `finch ask help " + about + "` asks the model."));
  }

  private static boolean isCommand(String word) {
    return COMMANDS.contains(word) || List.of("ls", "run", "ask", "help").contains(word);
  }

  private static Invocation run(List<String> options, List<String> rest) {
    if (rest.isEmpty()) {
      return new Refused("finch run needs a model, for example `finch run qwen2.5-0.5b \"Hi\"`.");
    }
    String model = rest.getFirst();
    if (model.equals("--help") || model.equals("-h")) {
      return new Command(List.of("run", "--help"));
    }
    if (model.startsWith("-")) {
      int at = firstWord(rest);
      return at < 0
          ? new Refused("finch run needs a model, for example `finch run qwen2.5-0.5b \"Hi\"`.")
          : run(joined(options, rest.subList(0, at)), rest.subList(at, rest.size()));
    }
    List<String> arguments = new ArrayList<>(List.of("--model", model));
    arguments.addAll(options);
    arguments.addAll(rest.subList(1, rest.size()));
    return new Ask(arguments);
  }

  // Options that stood before it; being quiet is nothing to a command.
  private static Invocation command(String word, List<String> options, List<String> rest) {
    List<String> arguments = new ArrayList<>(List.of(word));
    arguments.addAll(options);
    arguments.removeIf(option -> option.equals("-q") || option.equals("--quiet"));
    arguments.addAll(rest);
    return new Command(arguments);
  }

  private static Invocation refusedOrAsk(String word, List<String> arguments, int at) {
    List<String> rest = arguments.subList(at + 1, arguments.size());
    boolean command = words(rest) == 0 || isAboutAModel(word, rest);
    String instead = command ? elsewhere(word) : ELSEWHERE.get(word);
    String near = command && Slip.isRun(word) ? "run" : Slip.nearest(word);
    if (instead == null && near.isEmpty()) {
      return new Ask(arguments);
    }
    String meant = instead != null ? ": " + instead : "; did you mean `finch " + near + "`?";
    return new Refused(
        Failure.sentence("There is no command " + word + meant) + howToAsk(arguments, at));
  }

  private static String howToAsk(List<String> arguments, int at) {
    return " To ask the model just that: finch ask "
        + String.join(" ", arguments.subList(at, arguments.size()));
  }

  /** What Finch has instead of a command of another tool; null where the word is none. */
  private static @Nullable String elsewhere(String word) {
    String instead = ELSEWHERE.get(word);
    return instead != null ? instead : Elsewhere.ALONE.get(word);
  }

  private static String suggestion(String word) {
    String instead = elsewhere(word);
    String near = Slip.nearest(word);
    return instead != null ? ": " + instead : near.isEmpty() ? "" : "; did you mean " + near + "?";
  }

  /** Whether the next word names a model, and the one before it is a command or a slip of one. */
  private static boolean isAboutAModel(String word, List<String> rest) {
    int at = firstWord(rest);
    if (at < 0) {
      return false;
    }
    boolean copies = word.equals("cp") && words(rest) == 2;
    return copies || (namesAModel(rest.get(at)) && (elsewhere(word) != null || Slip.isRun(word)));
  }

  private static boolean namesAModel(String word) {
    String name = word.toLowerCase(Locale.ROOT);
    if (name.indexOf(' ') >= 0) {
      return false;
    }
    boolean digits = name.chars().anyMatch(Character::isDigit);
    boolean letters = name.chars().anyMatch(Character::isLetter);
    return name.startsWith("builtin")
        || name.startsWith("qwen")
        || name.startsWith("claude")
        || name.indexOf('/') > 0
        || (name.indexOf(':') > 0 && !name.endsWith(":"))
        || (digits && letters);
  }

  /** A command stands alone, with options, or with one thing that it is about. */
  private static boolean looksLikeACommand(List<String> rest) {
    return words(rest) <= 1
        && (rest.isEmpty() || rest.size() == 1 || rest.getFirst().startsWith("-"));
  }

  private static int words(List<String> arguments) {
    int words = 0;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("--")) {
        return words + arguments.size() - i - 1;
      }
      if (isOption(argument)) {
        i += takesNext(argument) ? 1 : 0;
      } else {
        words++;
      }
    }
    return words;
  }

  /** Where the first argument that is no option stands; -1 where a question or nothing does. */
  private static int firstWord(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("--") || argument.isEmpty()) {
        return -1;
      }
      if (!isOption(argument)) {
        return i;
      }
      i += takesNext(argument) ? 1 : 0;
    }
    return -1;
  }

  private static boolean isOption(String argument) {
    return argument.length() > 1 && argument.startsWith("-");
  }

  private static boolean takesNext(String argument) {
    AskOption option = AskOption.named(argument);
    return option != null && option.label() != null;
  }

  private static List<String> joined(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
