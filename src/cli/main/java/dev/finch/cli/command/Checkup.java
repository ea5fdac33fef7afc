package dev.finch.cli.command;

import dev.finch.cli.launch.CliSettings;
import dev.finch.cli.launch.Configuration;
import dev.finch.cli.launch.Connection;
import dev.finch.cli.launch.PrivateFiles;
import dev.finch.cli.output.Errors;
import dev.finch.failure.FinchException;
import dev.finch.model.Bytes;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelReference;
import dev.finch.model.RuntimeState;
import dev.finch.runtime.ServiceEndpoints;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Looks at everything that Finch needs from a machine. */
final class Checkup {

  /** How it stands. */
  enum Verdict {
    FINE,
    /** Works, with something to know. */
    NOTE,
    BROKEN
  }

  /**
   * One thing looked at.
   *
   * @param detail what was found
   * @param remedy how to mend it, or null where there is nothing to mend
   */
  record Finding(String check, Verdict verdict, String detail, @Nullable String remedy) {}

  private static final long SMALLEST_MEMORY = 3L << 30;
  private static final long SMALLEST_DISK = 4L << 30;
  private static final int NETWORK_MILLIS = 4_000;

  private Checkup() {}

  static List<Finding> run(boolean offline) {
    List<Finding> findings = new ArrayList<>();
    findings.add(jdk(Runtime.version().feature(), System.getProperty("java.vm.version")));
    findings.add(memory(physicalMemory()));
    try {
      Configuration configuration = Configuration.load(Map.of());
      CliSettings settings = CliSettings.from(configuration.whole());
      ServiceEndpoints endpoints = ServiceEndpoints.of(configuration.whole());
      settings.prepareLogging(false);
      findings.add(new Finding("settings", Verdict.FINE, "readable", null));
      findings.add(directory("state", settings.stateDirectory()));
      findings.add(directory("cache", settings.cacheDirectory()));
      findings.add(disk(endpoints.modelCache()));
      findings.add(key(settings.key()));
      findings.add(engine());
      if (!offline) {
        findings.add(network("Hub", endpoints.hub()));
        findings.add(network("Claude", endpoints.claude()));
      }
    } catch (FinchException e) {
      findings.add(
          new Finding(
              "settings", Verdict.BROKEN, e.failure().message(), e.failure().hint().orElse(null)));
    }
    return findings;
  }

  static Finding jdk(int feature, String build) {
    return feature >= 25
        ? new Finding("JDK", Verdict.FINE, build, null)
        : new Finding(
            "JDK", Verdict.BROKEN, build, "Finch needs 25 or newer; set FINCH_JAVA_HOME to one.");
  }

  static Finding memory(long bytes) {
    return bytes >= SMALLEST_MEMORY
        ? new Finding("memory", Verdict.FINE, Bytes.format(bytes), null)
        : new Finding(
            "memory",
            Verdict.NOTE,
            Bytes.format(bytes) + ": too little for any model of the table",
            "Set ANTHROPIC_API_KEY, or name a small model with --model.");
  }

  static Finding directory(String name, Path path) {
    return PrivateFiles.directory(path)
        ? new Finding(name, Verdict.FINE, path.toString(), null)
        : new Finding(
            name,
            Verdict.NOTE,
            path + " cannot be written to",
            "Finch works without it, but keeps no history, ledger or archives. Make it writable, or"
                + " set finch.directories."
                + name
                + ".");
  }

  static Finding disk(Path cache) {
    Path existing = cache;
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    try {
      long free = existing == null ? 0 : Files.getFileStore(existing).getUsableSpace();
      String detail = cache + ", " + Bytes.format(free) + " free";
      boolean writable = existing != null && Files.isWritable(existing);
      if (!writable) {
        return new Finding(
            "models", Verdict.BROKEN, detail + ", not writable", "Set HF_HOME to a place that is.");
      }
      return free >= SMALLEST_DISK
          ? new Finding("models", Verdict.FINE, detail, null)
          : new Finding("models", Verdict.NOTE, detail, "`finch prune` frees space.");
    } catch (IOException e) {
      return new Finding("models", Verdict.BROKEN, cache + ": " + e.getMessage(), "Set HF_HOME.");
    }
  }

  private static Finding key(boolean present) {
    return present
        ? new Finding("API key", Verdict.FINE, "there is one for Claude (not tried)", null)
        : new Finding(
            "API key",
            Verdict.NOTE,
            "none: only local models answer",
            "Set ANTHROPIC_API_KEY to let Claude answer until a model is ready.");
  }

  /** Loads the built-in model, which takes the native library through every step. */
  private static Finding engine() {
    Map<String, Object> flags =
        Map.of("finch.model", "builtin", "finch.supervisor.prepare", "none");
    try (Connection connection = Connection.open(flags, null, false)) {
      RuntimeState state =
          connection
              .finch()
              .loadAsync(ModelReference.BUILT_IN)
              .toCompletableFuture()
              .get(30, TimeUnit.SECONDS);
      ModelInfo info = state.ready().orElse(null);
      String detail =
          info == null ? state.describe() : info.library() + " on " + info.device() + " works";
      return new Finding("engine", info == null ? Verdict.BROKEN : Verdict.FINE, detail, null);
    } catch (Exception e) {
      var failure = Errors.failure(e);
      return new Finding("engine", Verdict.BROKEN, failure.message(), failure.hint().orElse(null));
    }
  }

  private static Finding network(String name, ServiceEndpoints.Peer peer) {
    InetSocketAddress proxy = peer.proxy();
    String way =
        peer.address() + (proxy == null ? "" : " through the proxy " + proxy.getHostString());
    try {
      int status = status(peer);
      return new Finding(name, Verdict.FINE, way + " answers (" + status + ")", null);
    } catch (IOException | IllegalArgumentException e) {
      return new Finding(
          name,
          Verdict.NOTE,
          way + " is not reachable: " + e,
          "Check the network, the proxy (HTTPS_PROXY) and the address.");
    }
  }

  private static int status(ServiceEndpoints.Peer peer) throws IOException {
    InetSocketAddress proxy = peer.proxy();
    Proxy way =
        proxy == null
            ? Proxy.NO_PROXY
            : new Proxy(
                Proxy.Type.HTTP, new InetSocketAddress(proxy.getHostString(), proxy.getPort()));
    HttpURLConnection connection = (HttpURLConnection) peer.address().toURL().openConnection(way);
    connection.setRequestMethod("HEAD");
    connection.setConnectTimeout(NETWORK_MILLIS);
    connection.setReadTimeout(NETWORK_MILLIS);
    try {
      return connection.getResponseCode();
    } finally {
      connection.disconnect();
    }
  }

  private static long physicalMemory() {
    return java.lang.management.ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : 0;
  }
}
