package dev.finch.cli;

import dev.finch.cli.command.AskCommand;
import dev.finch.cli.command.Commands;
import dev.finch.cli.launch.AskArguments;
import dev.finch.cli.launch.ClassArchives;
import dev.finch.cli.launch.Configuration;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.launch.Installation;
import dev.finch.cli.output.Output;
import dev.finch.cli.repl.ReplCommand;
import dev.finch.cli.terminal.FastProvider;
import dev.finch.cli.terminal.FastTerminal;
import dev.finch.cli.terminal.StandardStream;
import dev.finch.cli.terminal.Terminals;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run that only loads what real runs load, so that {@link ArchiveMaker} can keep it: a REPL on a
 * terminal of its own, answered by the built-in model.
 */
final class Training {

  // LauncherJvm.TRAINING says one of these three, or a directory to make archives in.

  /** Only what happens until the first line was read. */
  static final String PROMPT = "prompt";

  /** The whole way to answers, and the usual commands. */
  static final String EVERYTHING = "everything";

  /** Make the archives that belong to the distribution itself; the build does. */
  static final String OWN = "own";

  private static final Terminals A_TERMINAL = new Terminals(true, true, true, false, true);
  private static final Terminals NO_TERMINAL = new Terminals(false, false, false, true, false);

  private Training() {}

  static int run(String what) throws Exception {
    return switch (what) {
      case PROMPT -> repl(TrainingTerminal.typing("/usage\r/quit\r"));
      case EVERYTHING -> {
        question("--model", "builtin", "--max-tokens", "4", "Hi");
        question("Hi");
        download();
        yield repl(
            TrainingTerminal.typing("Hello there\r", "/help\r/status\r/models\r/quit\r"),
            "--model",
            "builtin",
            "--max-tokens",
            "8");
      }
      case OWN -> archives(null);
      default -> archives(Path.of(what));
    };
  }

  private static int archives(@Nullable Path wanted) throws IOException {
    Path home = Installation.home();
    if (home == null) {
      return ExitCode.FAILED;
    }
    new ArchiveMaker(home).makeWhereDue(wanted == null ? new ClassArchives(home).own() : wanted);
    return ExitCode.OK;
  }

  private static void question(String... arguments) throws Exception {
    AskCommand.run(AskArguments.parse(List.of(arguments)), nowhere());
  }

  private static void download() throws IOException {
    Path settings = Configuration.userFile();
    if (settings == null || Files.exists(settings)) {
      throw new IOException("a training run must not see the user's settings");
    }
    try (TrainingHub hub = new TrainingHub()) {
      Files.createDirectories(settings.getParent());
      Files.writeString(settings, hub.settings());
      Commands.run(new String[] {"pull", TrainingHub.REFERENCE}, nowhere());
    } finally {
      Files.deleteIfExists(settings);
    }
  }

  private static Output nowhere() {
    StandardStream nowhere = StandardStream.over(OutputStream.nullOutputStream(), true);
    return new Output(NO_TERMINAL, nowhere, nowhere);
  }

  private static int repl(TrainingTerminal terminal, String... arguments) throws IOException {
    standardStreams();
    return ReplCommand.run(AskArguments.parse(List.of(arguments)), A_TERMINAL, terminal.start());
  }

  // One class outside of the archives costs as much as opening every jar before its own.
  private static void standardStreams() {
    FastProvider.loadAhead();
    try {
      FastTerminal.open().close();
    } catch (IOException e) {
      // No terminal, as expected: the classes that would have found one are loaded.
    }
  }
}
