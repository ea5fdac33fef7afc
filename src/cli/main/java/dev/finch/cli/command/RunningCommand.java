package dev.finch.cli.command;

import dev.finch.Finch;
import dev.finch.cli.launch.Connection;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.launch.RunningServer;
import dev.finch.cli.launch.Setup;
import dev.finch.cli.output.Output;
import java.util.Map;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Mixin;

/** A command about the server that runs here, or the one that {@code --server} names. */
abstract class RunningCommand {

  @Mixin CommonOptions common = new CommonOptions();
  final Output output;

  RunningCommand(Output output) {
    this.output = output;
  }

  /** Connects and works; gives the exit code, also where no server runs. */
  int onServer(String nobody, ToIntFunction<Finch> work) {
    Setup setup = Setup.load(Map.of(), common.verbose);
    String server = common.server == null ? setup.settings().server() : common.server;
    if (server == null && !RunningServer.isThere(setup.settings().stateDirectory())) {
      output.note("finch: " + nobody);
      return ExitCode.OK;
    }
    try (Connection connection = Connection.open(setup, server == null ? "auto" : server)) {
      return work.applyAsInt(connection.finch());
    }
  }
}
