package dev.finch.cli.command;

import static java.util.Objects.requireNonNull;

import dev.finch.cli.launch.AskOption;
import dev.finch.cli.launch.UsageException;
import dev.finch.cli.output.Errors;
import dev.finch.cli.output.Output;
import dev.finch.failure.Failure;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The commands beside asking. Parsed by picocli, which the way to the prompt never loads. */
@Command(
    name = "finch",
    description = "A local-first LLM runtime: Claude answers until the local model is ready.",
    subcommands = {
      ServeCommand.class,
      ModelsCommand.class,
      ListCommand.class,
      ShowCommand.class,
      FitCommand.class,
      PullCommand.class,
      RemoveCommand.class,
      VerifyCommand.class,
      PruneCommand.class,
      StatusCommand.class,
      PsCommand.class,
      StopCommand.class,
      LedgerCommand.class,
      DoctorCommand.class,
      ConfigCommand.class,
      CompletionCommand.class
    })
public final class Commands {

  static final String ASK = "ask";
  static final String RUN = "run";

  private Commands() {}

  /** Parses and runs one; gives the exit code. */
  public static int run(String[] arguments, Output output) {
    CommandLine line = commandLine(output);
    line.setOut(new PrintWriter(output.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(output.err(), true, StandardCharsets.UTF_8));
    return line.execute(arguments);
  }

  /** The whole tree of commands, as parsing, help, completion and the man page see it. */
  static CommandLine commandLine(Output output) {
    CommandLine line = new CommandLine(new Commands(), new CommandFactory(output));
    line.addSubcommand(ASK, ask());
    line.addSubcommand(RUN, run());
    line.addSubcommand("help", help());
    line.addSubcommand("man", new ManCommand(output));
    line.setExecutionExceptionHandler(
        (error, command, _) ->
            Errors.print(
                output.err(), error, command.getParseResult().hasMatchedOption("--verbose")));
    line.setParameterExceptionHandler(
        (error, _) ->
            Errors.print(
                output.err(),
                new UsageException(
                    Failure.sentences(
                        String.valueOf(error.getMessage()),
                        "`finch "
                            + error.getCommandLine().getCommandName()
                            + " --help` says more.")),
                false));
    return line;
  }

  /** The description of asking, within the whole tree. */
  static CommandSpec askOf(CommandLine root) {
    return requireNonNull(root.getSubcommands().get(ASK)).getCommandSpec();
  }

  /** Described here, and read by {@link Invocation}: it is asking with a model. */
  private static CommandSpec run() {
    CommandSpec spec = ask().name(RUN);
    spec.usageMessage().description("Ask this model; without a question, in a terminal, the REPL.");
    spec.args().stream()
        .filter(CommandLine.Model.ArgSpec::isPositional)
        .toList()
        .forEach(spec::remove);
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .paramLabel("REFERENCE")
            .description("the model")
            .build());
    spec.addPositional(question("1..*"));
    return spec;
  }

  /** Described here, and read by {@link Invocation}. */
  private static CommandSpec help() {
    CommandSpec spec = CommandSpec.create().name("help");
    spec.usageMessage().description("Show the help, or that of one command.");
    return spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("COMMAND")
            .arity("0..1")
            .description("the command")
            .build());
  }

  private static PositionalParamSpec question(String index) {
    return PositionalParamSpec.builder()
        .index(index)
        .paramLabel("QUESTION")
        .arity("0..*")
        .type(String[].class)
        .description("the question; what is piped in is appended")
        .build();
  }

  /** The command that {@code AskArguments} parses, described from the same table. */
  static CommandSpec ask() {
    CommandSpec spec = CommandSpec.create().name(ASK);
    spec.usageMessage()
        .description("Ask one question; without one, in a terminal, the REPL. May be left out.");
    for (AskOption option : AskOption.values()) {
      String label = option.label();
      OptionSpec.Builder builder =
          OptionSpec.builder(option.names().toArray(String[]::new))
              .description(option.description());
      spec.addOption(
          label == null
              ? builder.arity("0").type(boolean.class).usageHelp(option == AskOption.HELP).build()
              : builder.arity("1").paramLabel(label).type(String.class).build());
    }
    spec.addPositional(question("0..*"));
    return spec;
  }
}
