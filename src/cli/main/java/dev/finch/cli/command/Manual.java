package dev.finch.cli.command;

import dev.finch.cli.launch.Version;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What {@code --help} and the man page say, from the commands' own descriptions and the sections
 * below.
 */
public final class Manual {

  /** Two columns: a term and what it means. */
  public record Entry(String term, String meaning) {}

  static final List<Entry> EXIT_CODES =
      List.of(
          new Entry("0", "answered, or done"),
          new Entry("1", "failed"),
          new Entry("2", "wrong arguments, settings or model reference"),
          new Entry(
              "3", "neither a local model nor Claude can answer, or the named model cannot be had"),
          new Entry("129", "cancelled by SIGHUP: the terminal closed"),
          new Entry("130", "cancelled by Ctrl-C"),
          new Entry("141", "the reader of the answer went away"),
          new Entry("143", "cancelled by SIGTERM"));

  static final List<Entry> ENVIRONMENT =
      List.of(
          new Entry("ANTHROPIC_API_KEY", "lets Claude answer until a local model is ready"),
          new Entry("ANTHROPIC_BASE_URL", "another endpoint of the Messages API"),
          new Entry("FINCH_MODEL", "the local model"),
          new Entry("HF_HOME, HF_TOKEN, HF_ENDPOINT", "cache, token and address of the Hub"),
          new Entry("FINCH_JAVA_HOME", "the JDK (25 or newer) to run on"),
          new Entry("FINCH_JAVA_OPTS", "more JVM options"),
          new Entry("FINCH_CLASS_ARCHIVE", "off: neither use nor make class archives"),
          new Entry("FINCH_BUILD", "in a source checkout: force or never"),
          new Entry("NO_COLOR", "no styles"));

  static final List<Entry> FILES =
      List.of(
          new Entry("~/.config/finch/application.conf", "your settings"),
          new Entry("~/.local/state/finch", "history, ledger, logs, the running server's address"),
          new Entry("~/.cache/finch", "class archives and other things that can be made again"),
          new Entry("~/.cache/huggingface/hub", "models, shared with other tools"));

  /** Commands that the man page shows. */
  public static final List<Entry> EXAMPLES =
      List.of(
          new Entry("finch", "the REPL"),
          new Entry("finch \"What is the capital of France?\"", "one question"),
          new Entry("git diff | finch \"Write a commit message\"", "what is piped in is appended"),
          new Entry("finch --json --model builtin \"Hi\"", "one JSON object on stdout"),
          new Entry("finch --wait --model qwen2.5-0.5b \"Hi\"", "fetch that model first"),
          new Entry("finch serve --port 11435", "serve it over HTTP"));

  private static final int COLUMN = 30;
  private static final int WIDTH = 96;

  private Manual() {}

  /** The text of {@code finch --help}. */
  static String help(CommandLine root) {
    StringBuilder text = new StringBuilder();
    text.append("finch [options] [question]\nfinch COMMAND ... (see finch COMMAND --help)\n\n");
    CommandSpec ask = Commands.askOf(root);
    options(text, ask);
    text.append("\nCommands\n");
    for (CommandLine command : visible(root)) {
      entry(text, new Entry(command.getCommandName(), description(command.getCommandSpec())));
    }
    section(text, "Exit codes", EXIT_CODES);
    section(text, "Environment", ENVIRONMENT);
    section(text, "Examples", EXAMPLES);
    return text.toString();
  }

  /** The man page, section 1. */
  static String page(CommandLine root) {
    StringBuilder text = new StringBuilder();
    text.append(".TH FINCH 1 \"\" \"finch ").append(roff(Version.current())).append("\"\n");
    text.append(".SH NAME\nfinch \\- a local-first LLM runtime\n");
    text.append(".SH SYNOPSIS\n.B finch\n[options] [question]\n.br\n.B finch\nCOMMAND ...\n");
    text.append(".SH DESCRIPTION\n").append(roff(description(root.getCommandSpec()))).append('\n');
    text.append(
        "Without a question, in a terminal, it is a REPL; what is piped in is part of it.\n");
    text.append(".SH OPTIONS\n");
    CommandSpec ask = Commands.askOf(root);
    roffOptions(text, ask);
    text.append(".SH COMMANDS\n");
    for (CommandLine command : visible(root)) {
      CommandSpec spec = command.getCommandSpec();
      text.append(".SS finch ").append(roff(synopsis(spec))).append('\n');
      text.append(roff(description(spec))).append('\n');
      if (!spec.name().equals(Commands.ASK)) {
        roffOptions(text, spec);
      }
    }
    roffSection(text, "EXIT STATUS", EXIT_CODES);
    roffSection(text, "ENVIRONMENT", ENVIRONMENT);
    roffSection(text, "FILES", FILES);
    roffSection(text, "EXAMPLES", EXAMPLES);
    return text.toString();
  }

  static List<CommandLine> visible(CommandLine root) {
    // A command with a second name stands there once for each.
    return root.getSubcommands().values().stream()
        .distinct()
        .filter(command -> !command.getCommandSpec().usageMessage().hidden())
        .toList();
  }

  static String description(CommandSpec spec) {
    return String.join(" ", spec.usageMessage().description());
  }

  private static String synopsis(CommandSpec spec) {
    StringBuilder text = new StringBuilder(spec.name());
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      text.append(' ').append(parameter.paramLabel());
    }
    return text.toString();
  }

  static String term(OptionSpec option) {
    String names = String.join(", ", option.names());
    return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
  }

  private static void options(StringBuilder text, CommandSpec spec) {
    text.append("Options\n");
    for (OptionSpec option : spec.options()) {
      entry(text, new Entry(term(option), String.join(" ", option.description())));
    }
  }

  private static void section(StringBuilder text, String title, List<Entry> entries) {
    text.append('\n').append(title).append('\n');
    entries.forEach(entry -> entry(text, entry));
  }

  private static void entry(StringBuilder text, Entry entry) {
    String left = "  " + entry.term();
    text.append(left);
    int column = left.length();
    if (column >= COLUMN) {
      text.append('\n');
      column = 0;
    }
    for (String word : List.of(entry.meaning().split("\\s+", -1))) {
      if (column > COLUMN && column + word.length() + 1 > WIDTH) {
        text.append('\n');
        column = 0;
      }
      int pad = Math.max(1, COLUMN - column);
      text.append(" ".repeat(pad)).append(word);
      column += pad + word.length();
    }
    text.append('\n');
  }

  private static void roffOptions(StringBuilder text, CommandSpec spec) {
    for (OptionSpec option : spec.options()) {
      roffEntry(text, new Entry(term(option), String.join(" ", option.description())));
    }
  }

  private static void roffSection(StringBuilder text, String title, List<Entry> entries) {
    text.append(".SH ").append(title.toUpperCase(Locale.ROOT)).append('\n');
    entries.forEach(entry -> roffEntry(text, entry));
  }

  private static void roffEntry(StringBuilder text, Entry entry) {
    text.append(".TP\n.B ").append(roff(entry.term())).append('\n');
    text.append(roff(entry.meaning())).append('\n');
  }

  private static String roff(String text) {
    String escaped = text.replace("\\", "\\e").replace("-", "\\-");
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }
}
