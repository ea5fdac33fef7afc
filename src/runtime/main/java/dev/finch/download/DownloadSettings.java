package dev.finch.download;

import static java.util.Objects.requireNonNull;

import dev.finch.settings.Section;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How models are fetched and where they are kept; {@code finch.download} with the Hub's own
 * environment variables below it.
 *
 * @param endpoint the Hub
 * @param cache the root of the Hugging Face cache
 * @param token null where anonymous
 * @param offline whether no request may be made
 * @param symlinks whether snapshots may link to blobs; tried once for each cache either way
 * @param connections most connections for one file
 * @param parallelFrom files from this size on are fetched in pieces over several connections
 * @param piece least bytes that one request asks for, where there are several
 * @param requestTimeout from a request to the headers of its answer
 * @param stallTimeout without a byte for this long, a connection is dropped and asked anew
 * @param minimumRate bytes per second below which a connection is dropped; 0 for no limit
 * @param minimumRateWindow the time over which {@code minimumRate} is measured
 * @param retries failures in a row without progress before a download gives up
 * @param backoff pauses between them
 * @param persistBytes a part's state is written after this many new bytes at the latest
 * @param persistInterval and after this time
 * @param lockPatience how long another holder of a file's lock may show no progress
 * @param proxies the way to each host
 * @param authorities certificates to trust besides the JVM's, as PEM; null for none
 */
public record DownloadSettings(
    Address endpoint,
    Path cache,
    @Nullable HubToken token,
    boolean offline,
    boolean symlinks,
    int connections,
    long parallelFrom,
    long piece,
    Duration requestTimeout,
    Duration stallTimeout,
    long minimumRate,
    Duration minimumRateWindow,
    int retries,
    JitteredBackoff backoff,
    long persistBytes,
    Duration persistInterval,
    Duration lockPatience,
    Proxies proxies,
    @Nullable Path authorities) {

  /** The dispatcher of disk writes and hashing. */
  static final String DISPATCHER = "finch.download.dispatcher";

  private static final Duration TENTH = Duration.ofMillis(100);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  public DownloadSettings {
    requireNonNull(endpoint, "endpoint");
    requireNonNull(cache, "cache");
    requireNonNull(backoff, "backoff");
    requireNonNull(proxies, "proxies");
  }

  /** Reads {@code finch.download} and this process's environment. */
  public static DownloadSettings from(Section section) {
    return from(section, HubEnvironment.ofProcess());
  }

  static DownloadSettings from(Section section, HubEnvironment environment) {
    String cache = section.optionalString("cache");
    return new DownloadSettings(
        endpoint(section, environment),
        cache == null ? environment.cache() : Path.of(cache).toAbsolutePath(),
        token(section, environment),
        auto(section, "offline") ? environment.offline() : section.bool("offline"),
        auto(section, "symlinks") ? environment.symlinks() : section.bool("symlinks"),
        section.integer("connections", 1, 64),
        section.bytes("parallel-from", 1, Long.MAX_VALUE),
        section.bytes("piece", 64 * 1024, 1L << 40),
        timeout(section, "request-timeout", "HF_HUB_ETAG_TIMEOUT", environment),
        timeout(section, "stall-timeout", "HF_HUB_DOWNLOAD_TIMEOUT", environment),
        section.bytes("minimum-rate", 0, Long.MAX_VALUE),
        section.duration("minimum-rate-window", TENTH, HOUR),
        section.integer("retries", 0, 1000),
        new JitteredBackoff(
            section.duration("backoff.min", Duration.ofMillis(1), HOUR),
            section.duration("backoff.max", Duration.ofMillis(1), HOUR)),
        section.bytes("persist-bytes", 64 * 1024, Long.MAX_VALUE),
        section.duration("persist-interval", Duration.ofMillis(10), HOUR),
        section.duration("lock-patience", Duration.ZERO, Duration.ofDays(1)),
        proxies(section, environment),
        authorities(section, environment));
  }

  /** The Hub's address. */
  public URI hub() {
    return URI.create(endpoint.toString());
  }

  /** The proxy on the way to the Hub, not resolved, or null where the way is direct. */
  public @Nullable InetSocketAddress hubProxy() {
    Proxies.Proxy proxy = proxies.to(endpoint);
    return proxy == null ? null : InetSocketAddress.createUnresolved(proxy.host(), proxy.port());
  }

  private static Address endpoint(Section section, HubEnvironment environment) {
    String configured = section.optionalString("endpoint");
    String text =
        (configured == null ? environment.endpoint() : configured).replaceFirst("/+$", "");
    try {
      return Address.parse(text);
    } catch (IllegalArgumentException e) {
      throw section.invalid("endpoint (or $HF_ENDPOINT)", text, "http:// or https:// and a host");
    }
  }

  private static @Nullable HubToken token(Section section, HubEnvironment environment) {
    String token = section.optionalString("token");
    try {
      return token == null ? environment.token() : new HubToken(token);
    } catch (IllegalArgumentException e) {
      throw section.invalid(
          "token (or $HF_TOKEN_PATH)", String.valueOf(e.getMessage()), "a file with a token");
    }
  }

  private static Proxies proxies(Section section, HubEnvironment environment) {
    try {
      return environment.proxies();
    } catch (IllegalArgumentException e) {
      throw section.invalid("proxy (from the environment)", "?", String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable Path authorities(Section section, HubEnvironment environment) {
    String configured = section.optionalString("ca-file");
    Path file =
        configured == null ? environment.authorities() : Path.of(configured).toAbsolutePath();
    return file == null
        ? null
        : section.requireFile("ca-file (or $SSL_CERT_FILE)", file, "a file of PEM certificates");
  }

  private static Duration timeout(
      Section section, String key, String variable, HubEnvironment environment) {
    return auto(section, key)
        ? environment.seconds(variable, DEFAULT_TIMEOUT)
        : section.duration(key, TENTH, HOUR);
  }

  private static boolean auto(Section section, String key) {
    return section.string(key).equals("auto");
  }
}
