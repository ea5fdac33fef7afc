package dev.finch.cli.launch;

import dev.finch.Finch;
import dev.finch.remote.RemoteFinch;
import dev.finch.runtime.LocalFinch;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The runtime that a command talks to: one of its own, or a running server's.
 *
 * @param setup what it was started with
 */
public record Connection(Finch finch, Setup setup) implements AutoCloseable {

  /**
   * Reads the settings, begins logging, and starts or connects.
   *
   * @param flags settings that the command line overrides
   * @param server a running server, or null for the configured one or none
   */
  public static Connection open(Map<String, ?> flags, @Nullable String server, boolean verbose) {
    return open(Setup.load(flags, verbose), server);
  }

  /** Starts or connects. */
  public static Connection open(Setup setup, @Nullable String server) {
    CliSettings settings = setup.settings();
    String address = server == null ? settings.server() : server;
    Finch finch =
        address == null
            ? LocalFinch.start(setup.configuration().user())
            : RemoteFinch.connect(
                uri(address, settings),
                System.getenv("FINCH_API_KEY"),
                settings.plainHttpAllowed());
    return new Connection(finch, setup);
  }

  private static URI uri(String address, CliSettings settings) {
    String url = address.equals("auto") ? RunningServer.find(settings.stateDirectory()) : address;
    try {
      URI uri = new URI(url.contains("://") ? url : "http://" + url);
      if (uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Said below, together with what was expected.
    }
    throw new UsageException(
        "--server: " + url + " (expected: auto, or a URL such as http://127.0.0.1:11435).");
  }

  /** The command line's own. */
  public CliSettings settings() {
    return setup.settings();
  }

  /** The server that answers from another machine; null where none does. */
  public @Nullable URI elsewhere() {
    return finch instanceof RemoteFinch remote && !remote.onThisMachine() ? remote.server() : null;
  }

  /** Whether the runtime is in this process. */
  public boolean local() {
    return finch instanceof LocalFinch;
  }

  @Override
  public void close() {
    finch.close();
  }
}
