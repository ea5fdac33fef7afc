package dev.finch.cli.repl;

import dev.finch.cli.output.Tables;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.Privacy;
import dev.finch.model.LoadRequest;
import dev.finch.model.ModelReference;
import dev.finch.model.PullRequest;
import dev.finch.settings.NearMatches;
import dev.finch.settings.SpecialFile;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Does what the REPL's commands say. */
final class SlashCommands {

  private final Repl repl;
  private final Screen screen;
  private final Dialogue dialogue;

  SlashCommands(Repl repl, Screen screen, Dialogue dialogue) {
    this.repl = repl;
    this.screen = screen;
    this.dialogue = dialogue;
  }

  /** A path such as {@code /etc/hosts} at the start of a question is no command. */
  static boolean isCommand(String text) {
    if (!text.startsWith("/")) {
      return false;
    }
    String word = firstWord(text);
    return word.indexOf('/', 1) < 0;
  }

  /** Runs one command; false where the user wants to leave. */
  boolean run(String text) {
    String word = firstWord(text);
    String rest = text.substring(word.length()).strip();
    SlashCommand command = SlashCommand.of(word.toLowerCase(Locale.ROOT));
    if (command == SlashCommand.QUIT) {
      return false;
    }
    try {
      if (command == null) {
        throw unknown(word);
      }
      run(command, rest);
    } catch (RuntimeException e) {
      repl.failed(e);
    }
    return true;
  }

  private void run(SlashCommand command, String rest) {
    switch (command) {
      case HELP -> help();
      case MODEL -> model(rest);
      case MODELS -> screen.write(Tables.models(repl.await(repl.finch().modelsAsync())));
      case FIT -> screen.write(Tables.fit(repl.await(repl.finch().fitAsync())));
      case PULL -> pull(rest);
      case STATUS -> screen.write(Tables.status(repl.await(repl.finch().statusAsync())));
      case LOCAL -> local();
      case CLOUD -> cloud();
      case AUTO -> mode(Privacy.LOCAL_FIRST, "Local where possible, Claude until then.");
      case SYSTEM -> system(rest);
      case SET -> set(rest);
      case CLEAR -> clear();
      case SAVE -> save(rest);
      case LOAD -> load(rest);
      case COPY -> copy();
      case RETRY -> retry();
      case USAGE -> screen.write(repl.usage().describe());
      case LEDGER -> screen.write(Tables.ledger(repl.await(repl.finch().ledgerAsync())));
      case QUIT -> {}
    }
  }

  private void help() {
    StringBuilder text = new StringBuilder();
    for (SlashCommand command : SlashCommand.values()) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %-20s %s%n",
              command.word() + " " + command.arguments(),
              command.description()));
    }
    text.append(
        "\n  \"\"\" begins and ends a text of several lines; a backslash at the end goes on.\n"
            + "  Ctrl-C cancels an answer; twice at the prompt, or Ctrl-D, leaves.\n");
    screen.write(text.toString());
  }

  private void model(String reference) {
    if (reference.isEmpty()) {
      screen.write(repl.finch().state().describe() + "\n");
      return;
    }
    ModelReference wanted = ModelReference.parse(reference);
    repl.loading(LoadRequest.of(wanted));
  }

  private void pull(String reference) {
    if (reference.isEmpty()) {
      throw usage("/pull needs a model, for example /pull qwen2.5-0.5b.");
    }
    repl.pull(PullRequest.of(ModelReference.parse(reference)));
  }

  private void mode(Privacy privacy, String said) {
    dialogue.privacy(privacy);
    screen.write(said + "\n");
  }

  // Also where nobody here can answer: what is refused does not leave.
  private void local() {
    mode(Privacy.LOCAL_ONLY, "From now on nothing leaves this machine.");
    URI elsewhere = repl.elsewhere();
    if (elsewhere != null) {
      screen.write(
          elsewhere
              + " is another machine, so nothing is asked until /auto or /cloud. Start Finch"
              + " without --server for answers from here.\n");
    }
  }

  private void cloud() {
    long secrets = dialogue.secrets();
    if (secrets > 0) {
      screen.write(secrets + " messages of this conversation were said in private.\n");
      if (!repl.confirmed("Send them to Claude from now on? [y/N]")) {
        screen.write("They stay here. After /clear, /cloud asks Claude without them.\n");
        return;
      }
      dialogue.release();
    }
    mode(Privacy.CLOUD_ONLY, "From now on Claude answers.");
  }

  private void system(String text) {
    if (text.isEmpty()) {
      String system = dialogue.system();
      screen.write((system == null ? "There is no system prompt." : system) + "\n");
      return;
    }
    dialogue.system(text.equals("-") ? null : text);
  }

  private void set(String rest) {
    if (rest.isEmpty()) {
      screen.write(Settable.describe(dialogue.sampling()));
      return;
    }
    List<String> words = Arrays.asList(rest.split("\\s+", 2));
    Settable settable = Settable.named(words.getFirst());
    if (settable == null || words.size() < 2) {
      throw usage("/set takes one of " + Settable.names() + " and a value; - is the default.");
    }
    dialogue.sampling(settable.set(dialogue.sampling(), words.get(1)));
  }

  private void clear() {
    dialogue.clear();
    screen.write("Forgotten.\n");
  }

  private void save(String file) {
    Path path = path(file, "/save");
    String system = dialogue.system();
    List<ChatMessage> turns = dialogue.turns();
    repl.aside(
        () -> {
          ConversationFile.write(path, system, turns);
          return path;
        },
        () -> {});
    screen.write("Saved " + dialogue.turns().size() + " messages to " + path + ".\n");
  }

  private void load(String file) {
    Path path = path(file, "/load");
    ConversationFile.Loaded loaded =
        repl.aside(
            () -> ConversationFile.read(path, screen::notice), () -> SpecialFile.release(path));
    dialogue.system(loaded.system());
    dialogue.replace(loaded.turns());
    screen.write("Loaded " + loaded.turns().size() + " messages.\n");
  }

  private void copy() {
    String text = repl.lastAnswer();
    if (text.isEmpty()) {
      throw usage("There is no answer to copy yet.");
    }
    screen.write(
        screen.copy(text)
            ? "Copied " + text.length() + " characters, if the terminal allows it.\n"
            : "This terminal has no clipboard.\n");
  }

  private void retry() {
    String question = dialogue.takeBack();
    if (question == null) {
      throw usage("There is no question to ask again.");
    }
    repl.ask(question);
  }

  private static Path path(String file, String command) {
    if (file.isEmpty()) {
      throw usage(command + " needs a file.");
    }
    try {
      return Path.of(
          file.startsWith("~/") ? System.getProperty("user.home") + file.substring(1) : file);
    } catch (InvalidPathException e) {
      throw usage(Failure.sentence(file + " is no name of a file: " + e.getReason()));
    }
  }

  private static FinchException unknown(String word) {
    Set<String> known = new LinkedHashSet<>();
    for (SlashCommand command : SlashCommand.values()) {
      known.add(command.word());
    }
    return usage(
        word + " is no command. " + NearMatches.question(word, known) + "/help lists them.");
  }

  private static FinchException usage(String message) {
    return new FinchException(Failure.permanent(FailureCode.BAD_REQUEST, message, null));
  }

  private static String firstWord(String text) {
    int end = 0;
    while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    return text.substring(0, end);
  }
}
