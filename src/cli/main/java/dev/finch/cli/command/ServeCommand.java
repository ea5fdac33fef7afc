package dev.finch.cli.command;

import com.typesafe.config.Config;
import dev.finch.cli.launch.CliSettings;
import dev.finch.cli.launch.Configuration;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.launch.Interrupts;
import dev.finch.cli.launch.RunningServer;
import dev.finch.cli.launch.Setup;
import dev.finch.cli.launch.Version;
import dev.finch.cli.output.Follower;
import dev.finch.cli.output.Output;
import dev.finch.cli.output.StateLog;
import dev.finch.http.HttpFrontEnd;
import dev.finch.http.HttpSettings;
import dev.finch.runtime.LocalFinch;
import dev.finch.settings.Section;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code finch serve}: the runtime behind HTTP, until it is told to end. */
@Command(
    name = "serve",
    description =
        "Serve the OpenAI, Anthropic and Ollama dialects over HTTP, until SIGTERM or Ctrl-C.")
final class ServeCommand implements Callable<Integer> {

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "where to listen (default 127.0.0.1)")
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "TCP port (default 11435; 0 takes any)")
  private @Nullable Integer port;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "REFERENCE",
      description = "the local model (default auto)")
  private @Nullable String model;

  @Mixin private LicenseOption licenses = new LicenseOption();

  @Mixin private BasicOptions basic = new BasicOptions();

  private final Output output;

  ServeCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Signals.register("INT", end::countDown);
    Signals.register("TERM", end::countDown);
    Setup setup = Setup.load(flags(), basic.verbose);
    Configuration configuration = setup.configuration();
    // A terminal that closes ends it in the same way, unless that is ignored.
    try (var _ = Interrupts.beforeEnd(end::countDown);
        LocalFinch finch = LocalFinch.start(configuration.user())) {
      serve(finch, configuration.whole(), setup.settings(), end);
      return ExitCode.OK;
    }
  }

  private Map<String, Object> flags() {
    Map<String, Object> flags = licenses.flags();
    if (host != null) {
      flags.put("finch.http.host", host);
    }
    if (port != null) {
      flags.put("finch.http.port", port);
    }
    if (model != null) {
      flags.put("finch.model", model);
    }
    return flags;
  }

  private void serve(LocalFinch finch, Config config, CliSettings settings, CountDownLatch end)
      throws Exception {
    HttpSettings http = HttpSettings.from(Section.of(config, "finch.http"));
    HttpFrontEnd frontEnd =
        HttpFrontEnd.start(finch.system(), finch, http).toCompletableFuture().join();
    StateLog log = new StateLog(output);
    finch.states().subscribe(new Follower<>(log::show));
    try (var _ = RunningServer.announce(settings.stateDirectory(), frontEnd.url())) {
      output.note("finch: listening on " + frontEnd.url() + " (" + Version.current() + ")");
      end.await();
      output.note("finch: finishing " + frontEnd.answersInFlight() + " answers ...");
      frontEnd.stop().toCompletableFuture().join();
    }
  }
}
