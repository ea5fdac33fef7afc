package dev.finch.http;

import static java.util.Objects.requireNonNull;

import dev.finch.settings.Section;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the front end listens, whom it admits and how much it takes; the section {@code finch.http}.
 *
 * @param host interface to listen on; one that others can reach needs an API key
 * @param port 0 takes any free one
 * @param apiKeys keys that clients may present; where there is also no file of them, everyone who
 *     can reach the port is admitted
 * @param apiKeysFile more keys, one a line, read again when it changes; or null
 * @param allowedHosts {@code Host} names served beside the loopback ones; {@code *} serves all
 * @param allowedOrigins web origins that may call from a browser; {@code *} admits all
 * @param keylessFiles whether callers may name files as models where no key is asked for
 * @param tls certificate and key, or null for plain HTTP
 * @param limits bounds on what one client and all clients together may use
 * @param heartbeat how long a stream may be silent before it is kept alive
 * @param headWait how long the head of a streamed answer waits for its first content, so that it
 *     can name who answers and fail with a proper status
 * @param keepAlive how long a connection may wait for its next complete request
 * @param idleTimeout how long a connection may carry no byte in either direction
 * @param bodyTimeout how long a request's body may take to arrive
 * @param drain how long answers may take to finish after the end was asked for
 * @param modelAliases names that clients send, by what they stand for; a name may end in {@code *}
 */
public record HttpSettings(
    String host,
    int port,
    List<ApiKey> apiKeys,
    @Nullable Path apiKeysFile,
    List<String> allowedHosts,
    List<String> allowedOrigins,
    boolean keylessFiles,
    @Nullable Tls tls,
    Limits limits,
    Duration heartbeat,
    Duration headWait,
    Duration keepAlive,
    Duration idleTimeout,
    Duration bodyTimeout,
    Duration drain,
    Map<String, String> modelAliases) {

  /** A PEM certificate chain and its PKCS #8 key. */
  public record Tls(Path certificate, Path key) {}

  /**
   * Bounds.
   *
   * @param bodyBytes of one request
   * @param allBodiesBytes of all requests that are arriving or being answered
   * @param unfinishedBodies bodies of which a part has come
   * @param headerBytes of one header line
   * @param headerCount header lines of one request
   * @param connections open at once; more wait in the system's backlog
   * @param answers being made at once
   * @param answersPerKey being made at once for one API key, or for all where there is none
   */
  public record Limits(
      long bodyBytes,
      long allBodiesBytes,
      int unfinishedBodies,
      int headerBytes,
      int headerCount,
      int connections,
      int answers,
      int answersPerKey) {}

  public HttpSettings {
    requireNonNull(host, "host");
    apiKeys = List.copyOf(apiKeys);
    allowedHosts = List.copyOf(allowedHosts);
    allowedOrigins = List.copyOf(allowedOrigins);
    requireNonNull(limits, "limits");
    modelAliases = Map.copyOf(modelAliases);
  }

  /**
   * Reads {@code finch.http}.
   *
   * @throws dev.finch.failure.FinchException where a value is wrong or a key file cannot be read
   */
  public static HttpSettings from(Section http) {
    Section limits = http.section("limits");
    return new HttpSettings(
        http.string("host"),
        http.integer("port", 0, 65_535),
        ApiKeys.configured(http),
        keysFile(http),
        http.strings("allowed-hosts"),
        http.strings("allowed-origins"),
        http.bool("keyless-files"),
        tls(http.section("tls")),
        new Limits(
            limits.bytes("body", 1024, 1L << 30),
            allBodies(limits),
            limits.integer("unfinished-bodies", 1, 1_000_000),
            (int) limits.bytes("header", 256, 1L << 20),
            limits.integer("headers", 8, 1024),
            limits.integer("connections", 1, 1_000_000),
            limits.integer("answers", 1, 1_000_000),
            limits.integer("answers-per-key", 1, 1_000_000)),
        http.duration("heartbeat", Duration.ofMillis(50), Duration.ofSeconds(55)),
        http.duration("head-wait", Duration.ZERO, Duration.ofSeconds(55)),
        http.duration("keep-alive", Duration.ofMillis(100), Duration.ofHours(1)),
        http.duration("idle-timeout", Duration.ofSeconds(1), Duration.ofHours(24)),
        http.duration("body-timeout", Duration.ofMillis(100), Duration.ofHours(1)),
        http.duration("drain", Duration.ZERO, Duration.ofHours(1)),
        aliases(http));
  }

  /** The same settings at another address. */
  public HttpSettings at(String newHost, int newPort) {
    return new HttpSettings(
        newHost,
        newPort,
        apiKeys,
        apiKeysFile,
        allowedHosts,
        allowedOrigins,
        keylessFiles,
        tls,
        limits,
        heartbeat,
        headWait,
        keepAlive,
        idleTimeout,
        bodyTimeout,
        drain,
        modelAliases);
  }

  /** Whether clients must present a key. */
  public boolean asksForKeys() {
    return !apiKeys.isEmpty() || apiKeysFile != null;
  }

  /** A body takes several times its length once it is text and a tree. */
  private static long allBodies(Section limits) {
    return "auto".equals(limits.string("all-bodies"))
        ? Runtime.getRuntime().maxMemory() / 16
        : limits.bytes("all-bodies", 1024, Long.MAX_VALUE / 4);
  }

  private static @Nullable Path keysFile(Section http) {
    String file = http.optionalString("api-keys-file");
    if (file == null) {
      return null;
    }
    Path named = http.file("api-keys-file", "a file of keys");
    try {
      if (ApiKeys.in(named, 0).isEmpty()) {
        throw http.invalid("api-keys-file", file, "a file with at least one key");
      }
      return named;
    } catch (IOException e) {
      throw http.invalid("api-keys-file", file, "a readable text file");
    }
  }

  private static @Nullable Tls tls(Section section) {
    String certificate = section.optionalString("certificate");
    String key = section.optionalString("key");
    if (certificate == null && key == null) {
      return null;
    }
    if (certificate == null || key == null) {
      String absent = certificate == null ? "certificate" : "key";
      throw section.invalid(absent, "\"\"", "a PEM file, since the other of the two is set");
    }
    return new Tls(
        section.file("certificate", "a file of PEM certificates"),
        section.file("key", "a file with a PEM key"));
  }

  private static Map<String, String> aliases(Section http) {
    Section section = http.section("model-aliases");
    Map<String, String> aliases = new LinkedHashMap<>();
    for (String name : http.names("model-aliases")) {
      aliases.put(name, section.string('"' + name + '"'));
    }
    return aliases;
  }
}
