package dev.finch.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.Finch;
import dev.finch.cli.launch.Connection;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.output.Output;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import picocli.CommandLine.Mixin;

/**
 * A command that asks a runtime for one thing and prints it, as text or as JSON. What fails is
 * thrown, and {@link Commands} makes a message and an exit code of it.
 *
 * @param <T> what the runtime tells
 */
abstract class ReportCommand<T> implements Callable<Integer> {

  @Mixin private CommonOptions common = new CommonOptions();
  private final Output output;

  ReportCommand(Output output) {
    this.output = output;
  }

  @Override
  public final Integer call() {
    check();
    try (Connection connection = common.connect()) {
      T report = ask(connection.finch()).toCompletableFuture().join();
      if (common.json) {
        output.json(json(report));
      } else {
        output.print(text(report));
      }
      return ExitCode.OK;
    }
  }

  /** Refuses arguments that make no sense, before a runtime is started for them. */
  void check() {}

  abstract CompletionStage<T> ask(Finch finch);

  abstract JsonNode json(T report);

  /** As people read it, with the end of its last line. */
  abstract String text(T report);
}
