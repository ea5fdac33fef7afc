package dev.finch.claude;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.provider.Breaker;
import dev.finch.settings.Section;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The configuration section {@code finch.cloud}: whether, where and how Claude is asked. Prints
 * without its keys.
 *
 * @param enabled whether any prompt may go to Claude
 * @param model the model that answers where the request names none
 * @param successor the model to move to when one is about to be retired, or null for the newest
 *     active model of the same line
 * @param endpoint where Claude is
 * @param apiKey sent as {@code x-api-key}, or null
 * @param authToken sent as {@code Authorization: Bearer} where there is no key, or null
 * @param version the API's revision
 * @param proxy the way to the endpoint, or null for the direct one
 * @param maxTokens bound of an answer's tokens where the request names none
 * @param cacheFromBytes request size from which Claude is asked to cache the prompt; 0 never asks
 * @param limits what bounds connections, waits and sizes
 * @param retries how a failed try is repeated before anything was answered
 * @param lifecycle how the retirement of models is watched
 * @param breaker when an endpoint beside that of answers is not asked for a while
 */
public record ClaudeSettings(
    boolean enabled,
    String model,
    @Nullable String successor,
    Endpoint endpoint,
    @Nullable Secret apiKey,
    @Nullable Secret authToken,
    ApiVersion version,
    @Nullable HttpProxy proxy,
    int maxTokens,
    long cacheFromBytes,
    Limits limits,
    Retries retries,
    Lifecycle lifecycle,
    Breaker.Settings breaker) {

  /**
   * Bounds.
   *
   * @param streams answers that may come at once
   * @param connectTimeout until a connection stands
   * @param idleTimeout without a byte in either direction, long thinking included
   * @param keepAlive how long an unused connection is kept
   * @param lineBytes longest line of an event stream
   * @param answerBytes longest event stream of one answer, decoded
   */
  public record Limits(
      int streams,
      Duration connectTimeout,
      Duration idleTimeout,
      Duration keepAlive,
      int lineBytes,
      long answerBytes) {}

  /**
   * Retries.
   *
   * @param most tries after the first
   * @param longestWait a longer wait that Claude asks for ends the attempt instead
   */
  public record Retries(int most, Duration longestWait) {}

  /**
   * The watch on retirement dates.
   *
   * @param refresh how old the list of models may be; zero never asks for it
   * @param notice how long before its retirement a deprecated model is left
   */
  public record Lifecycle(Duration refresh, Duration notice) {}

  private static final String DEFAULT_ENDPOINT = "https://api.anthropic.com";

  public ClaudeSettings {
    requireNonNull(model, "model");
    requireNonNull(endpoint, "endpoint");
    requireNonNull(version, "version");
    requireNonNull(limits, "limits");
    requireNonNull(retries, "retries");
    requireNonNull(lifecycle, "lifecycle");
    requireNonNull(breaker, "breaker");
  }

  /**
   * Reads {@code finch.cloud}. Where the section says nothing, {@code ANTHROPIC_API_KEY}, {@code
   * ANTHROPIC_AUTH_TOKEN} and {@code ANTHROPIC_BASE_URL} of the environment are taken, and {@code
   * HTTPS_PROXY} and {@code NO_PROXY} are followed.
   *
   * @throws FinchException with {@link FailureCode#SETTINGS_INVALID}; never repeats a key
   */
  public static ClaudeSettings from(Section cloud, Map<String, String> env) {
    Endpoint endpoint = endpoint(cloud, env);
    return new ClaudeSettings(
        cloud.bool("enabled"),
        cloud.string("model"),
        cloud.optionalString("successor"),
        endpoint,
        secret(cloud, "api-key", env, "ANTHROPIC_API_KEY"),
        secret(cloud, "auth-token", env, "ANTHROPIC_AUTH_TOKEN"),
        cloud.parsed("version", "2023-06-01 or 2026-10-21", ApiVersion::parse),
        proxy(endpoint, env),
        cloud.integer("max-tokens", 1, Integer.MAX_VALUE),
        cloud.bytes("cache-from", 0, Long.MAX_VALUE),
        limits(cloud.section("limits")),
        retries(cloud.section("retries")),
        lifecycle(cloud.section("lifecycle")),
        Breaker.Settings.from(cloud.section("breaker")));
  }

  /** Whether Claude may be asked and there is a key. */
  public boolean configured() {
    return unavailable() == null;
  }

  /** Why Claude cannot be asked at all, or null where it can. */
  public @Nullable Failure unavailable() {
    if (!enabled) {
      return Failure.permanent(
          FailureCode.CLOUD_DISABLED,
          "Claude is switched off (finch.cloud.enabled).",
          "Wait for the local model, or switch the cloud on.");
    }
    if (apiKey == null && authToken == null) {
      return Failure.permanent(
          FailureCode.NO_API_KEY,
          "There is no API key for Claude.",
          "Set ANTHROPIC_API_KEY, or wait for the local model.");
    }
    return null;
  }

  /** The text without any key of these settings. */
  String scrub(String text) {
    String scrubbed = apiKey == null ? text : apiKey.scrub(text);
    return authToken == null ? scrubbed : authToken.scrub(scrubbed);
  }

  /** The failure without any key of these settings in its message. */
  Failure scrub(Failure failure) {
    return failure.saying(scrub(failure.message()), failure.hint().orElse(null));
  }

  private static Limits limits(Section section) {
    return new Limits(
        section.integer("streams", 1, 4096),
        section.duration("connect-timeout", Duration.ofMillis(100), Duration.ofMinutes(5)),
        section.duration("idle-timeout", Duration.ofSeconds(1), Duration.ofHours(2)),
        section.duration("keep-alive", Duration.ZERO, Duration.ofHours(1)),
        (int) section.bytes("line", 1 << 20, 256 << 20),
        section.bytes("answer", 1 << 20, 4L << 30));
  }

  private static Retries retries(Section section) {
    return new Retries(
        section.integer("most", 0, 10),
        section.duration("longest-wait", Duration.ZERO, Duration.ofMinutes(10)));
  }

  private static Lifecycle lifecycle(Section section) {
    return new Lifecycle(
        section.duration("refresh", Duration.ZERO, Duration.ofDays(365)),
        section.duration("notice", Duration.ZERO, Duration.ofDays(365)));
  }

  private static Endpoint endpoint(Section cloud, Map<String, String> env) {
    boolean plain = cloud.bool("plain-http-allowed");
    String configured = cloud.optionalString("endpoint");
    if (configured != null) {
      return endpoint(cloud, configured, plain);
    }
    String variable = env.getOrDefault("ANTHROPIC_BASE_URL", "").strip();
    return variable.isEmpty()
        ? Endpoint.parse(DEFAULT_ENDPOINT, false)
        : read("ANTHROPIC_BASE_URL", variable, text -> Endpoint.parse(text, plain));
  }

  private static Endpoint endpoint(Section cloud, String text, boolean plain) {
    try {
      return Endpoint.parse(text, plain);
    } catch (IllegalArgumentException e) {
      throw cloud.invalid("endpoint", text.contains("@") ? "…" : text, message(e));
    }
  }

  private static @Nullable Secret secret(
      Section cloud, String key, Map<String, String> env, String variable) {
    String configured = cloud.optionalString(key);
    if (configured != null) {
      return read("finch.cloud." + key, configured, Secret::of);
    }
    String value = env.getOrDefault(variable, "").strip();
    return value.isEmpty() ? null : read(variable, value, Secret::of);
  }

  private static @Nullable HttpProxy proxy(Endpoint endpoint, Map<String, String> env) {
    try {
      return HttpProxy.of(endpoint, env);
    } catch (IllegalArgumentException e) {
      throw invalid("HTTPS_PROXY", message(e));
    }
  }

  private static <T> T read(String name, String value, Function<String, T> parser) {
    try {
      return parser.apply(value);
    } catch (IllegalArgumentException e) {
      throw invalid(name, message(e));
    }
  }

  private static FinchException invalid(String name, String expected) {
    return new FinchException(
        Failure.permanent(
            FailureCode.SETTINGS_INVALID,
            name + " cannot be used (expected: " + expected + ").",
            "Correct it or unset it; its value is not shown, since it may hold a secret."));
  }

  private static String message(IllegalArgumentException e) {
    return String.valueOf(e.getMessage());
  }
}
