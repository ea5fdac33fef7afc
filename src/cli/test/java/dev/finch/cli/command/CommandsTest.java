package dev.finch.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.cli.launch.AskOption;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.output.Output;
import dev.finch.cli.terminal.StandardStream;
import dev.finch.cli.terminal.Terminals;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CommandsTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Output output =
      new Output(
          new Terminals(false, false, false, true, false),
          StandardStream.over(bytes, false),
          StandardStream.over(bytes, false));
  private final CommandLine root = Commands.commandLine(output);

  @Test
  void everyCommandOfTheTreeIsRecognisedWithoutIt() {
    root.getSubcommands()
        .keySet()
        .forEach(
            name ->
                assertTrue(
                    Invocation.COMMANDS.contains(name)
                        || Set.of("ask", "run", "help", "ls").contains(name),
                    name));
  }

  @Test
  void helpAndManPageNameEveryCommandAndOption() {
    String help = Manual.help(root);
    String page = Manual.page(root).replace("\\-", "-");
    for (CommandLine command : Manual.visible(root)) {
      assertTrue(help.contains("  " + command.getCommandName() + " "), command.getCommandName());
      assertTrue(page.contains(".SS finch " + command.getCommandName()));
      command
          .getCommandSpec()
          .options()
          .forEach(option -> assertTrue(page.contains(option.longestName()), option.longestName()));
    }
    for (AskOption option : AskOption.values()) {
      assertTrue(help.contains(option.names().getLast()), option.name());
    }
  }

  @Test
  void helpNamesACommandWithTwoNamesOnce() {
    long named = Manual.help(root).lines().filter(line -> line.startsWith("  list ")).count();
    assertEquals(1, named);
  }

  @Test
  void completionsKnowEveryCommand() {
    for (CommandLine command : Manual.visible(root)) {
      String name = command.getCommandName();
      assertTrue(Completions.bash(root).contains(" " + name + ")"), name);
      assertTrue(Completions.fish(root).contains("-a " + name + " "), name);
    }
    assertTrue(Completions.zsh(root).startsWith("#compdef finch"));
  }

  @Test
  void aWrongOptionIsAUsageErrorWithoutAStackTrace() {
    assertEquals(ExitCode.USAGE, root.execute("models", "--nonsense"));
    String said = bytes.toString(StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
    assertTrue(said.contains("unknown option"), said);
    assertEquals(1, said.lines().count());
  }
}
