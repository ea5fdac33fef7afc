package dev.finch.runtime;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.model.ModelReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Settings of a {@link LocalFinch} for whoever writes them in Java. They become the keys that
 * {@code reference.conf} describes, and are checked with them when Finch starts: what is out of
 * range fails there, with the name of its key. Immutable.
 */
public final class FinchOptions {

  /** How far a model is prepared before anybody asks. */
  public enum Prepare {
    /** Not at all. */
    NONE,
    /** Only if it needs no download. */
    CACHED,
    /** Downloading it where needed. */
    DOWNLOAD
  }

  /** Who is asked first. */
  public enum Policy {
    /** The local model where it can answer, Claude otherwise. */
    LOCAL_FIRST,
    /** Claude where it can answer, the local model otherwise. */
    CLOUD_FIRST,
    /** Every prompt is treated as {@code LOCAL_ONLY}. */
    LOCAL_ONLY,
    /** No prompt goes to the local model, save those that may not leave this machine. */
    CLOUD_ONLY
  }

  private final Map<String, Object> values;

  private FinchOptions(Map<String, Object> values) {
    this.values = values;
  }

  /** A builder that leaves everything to the configuration. */
  public static Builder builder() {
    return new Builder();
  }

  /** As a configuration that holds just what was said. */
  Config config() {
    Config config = ConfigFactory.empty();
    for (Map.Entry<String, Object> value : values.entrySet()) {
      config =
          config.withValue(
              value.getKey(), ConfigValueFactory.fromAnyRef(value.getValue(), "FinchOptions"));
    }
    return config;
  }

  /** The keys that were said; no values, some of which no log should hold. */
  @Override
  public String toString() {
    return "FinchOptions" + values.keySet();
  }

  /** Collects what differs from the configuration. Not thread-safe. */
  public static final class Builder {
    private static final Pattern KEY = Pattern.compile("finch(?:\\.[A-Za-z0-9_-]{1,64}){1,16}");

    private final Map<String, Object> values = new TreeMap<>();
    private final List<String> licenses = new ArrayList<>();

    private Builder() {}

    /**
     * {@link #model(ModelReference)} as people write it, for example {@code qwen2.5-1.5b}.
     *
     * @throws dev.finch.failure.FinchException with {@code UNKNOWN_MODEL} where it has none of the
     *     forms of a reference
     */
    public Builder model(String reference) {
      return model(ModelReference.parse(reference));
    }

    /**
     * The model that is to serve; {@code auto} where this is not said. Sets {@code finch.model}.
     */
    public Builder model(ModelReference model) {
      return set("finch.model", model.toString());
    }

    /** Where the ledger and saved conversations are kept. Sets {@code finch.directories.state}. */
    public Builder stateDirectory(Path directory) {
      return set("finch.directories.state", directory.toString());
    }

    /**
     * Where what can be made again is kept, such as unpacked libraries. Sets {@code
     * finch.directories.cache}.
     */
    public Builder cacheDirectory(Path directory) {
      return set("finch.directories.cache", directory.toString());
    }

    /** The Hugging Face cache that models are fetched into. Sets {@code finch.download.cache}. */
    public Builder modelCache(Path directory) {
      return set("finch.download.cache", directory.toString());
    }

    /** The Hub's access token. Sets {@code finch.download.token}. */
    public Builder hubToken(String token) {
      return set("finch.download.token", token);
    }

    /** Whether no request is made to the Hub. Sets {@code finch.download.offline}. */
    public Builder offline(boolean offline) {
      return set("finch.download.offline", offline ? "on" : "off");
    }

    /** How far the model is prepared before anybody asks. Sets {@code finch.supervisor.prepare}. */
    public Builder prepare(Prepare prepare) {
      return set("finch.supervisor.prepare", prepare.name().toLowerCase(Locale.ROOT));
    }

    /** Whether Claude may be asked at all. Sets {@code finch.cloud.enabled}. */
    public Builder cloud(boolean enabled) {
      return set("finch.cloud.enabled", enabled ? "on" : "off");
    }

    /** The key for Claude. Sets {@code finch.cloud.api-key}. */
    public Builder cloudApiKey(String key) {
      return set("finch.cloud.api-key", key);
    }

    /** The Claude model that answers. Sets {@code finch.cloud.model}. */
    public Builder cloudModel(String model) {
      return set("finch.cloud.model", model);
    }

    /**
     * What Claude may cost from midnight to midnight UTC, in US dollars. Sets {@code
     * finch.cloud.budget.dollars-per-day}.
     */
    public Builder dollarsPerDay(double dollars) {
      return set("finch.cloud.budget.dollars-per-day", dollars);
    }

    /** Who is asked first. Sets {@code finch.routing.policy}. */
    public Builder policy(Policy policy) {
      return set("finch.routing.policy", policy.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    /**
     * Tokens that one conversation may hold; 0 takes what the model was trained for, up to {@code
     * finch.engine.context-limit}. Sets {@code finch.engine.context-length}.
     */
    public Builder contextLength(int tokens) {
      return set("finch.engine.context-length", tokens);
    }

    /** Conversations decoded at once. Sets {@code finch.engine.slots}. */
    public Builder slots(int slots) {
      return set("finch.engine.slots", slots);
    }

    /** CPU threads that one decode step uses; 0 measures. Sets {@code finch.engine.threads}. */
    public Builder threads(int threads) {
      return set("finch.engine.threads", threads);
    }

    /**
     * How long an idle model stays loaded; nought keeps it. Sets {@code finch.engine.keep-alive}.
     */
    public Builder keepAlive(Duration time) {
      return set("finch.engine.keep-alive", time);
    }

    /** Bytes of memory that selection leaves to others. Sets {@code finch.selection.reserve}. */
    public Builder memoryReserve(long bytes) {
      return set("finch.selection.reserve", bytes);
    }

    /**
     * Accepts a licence that is not a free one, for example {@code qwen-research}. Adds to {@code
     * finch.licenses.accept}.
     */
    public Builder acceptLicense(String license) {
      licenses.add(requireNonNull(license, "license"));
      return set("finch.licenses.accept", List.copyOf(licenses));
    }

    /**
     * Any other setting.
     *
     * @param key as {@code reference.conf} names it, beginning with {@code finch.}
     * @param value a text, a path, a number, a truth value, a {@link Duration} or a list of those
     * @throws FinchException with {@code SETTINGS_INVALID} where the key or the value is of no such
     *     form
     */
    public Builder set(String key, Object value) {
      if (!KEY.matcher(key).matches()) {
        throw invalid(key, "key (expected: finch.… as reference.conf names it)");
      }
      values.put(key, plain(key, value));
      return this;
    }

    private static Object plain(String key, Object value) {
      return switch (value) {
        case CharSequence text -> text.toString();
        case Path path -> path.toString();
        case Number number -> number;
        case Boolean truth -> truth;
        case Duration time -> milliseconds(key, time);
        case List<?> list -> list.stream().map(each -> plain(key, each)).toList();
        default ->
            throw invalid(
                key,
                "value of the type "
                    + value.getClass().getName()
                    + " (expected: a text, a path, a number, a truth value, a Duration or a list"
                    + " of those)");
      };
    }

    private static String milliseconds(String key, Duration time) {
      try {
        return time.toMillis() + " ms";
      } catch (ArithmeticException e) {
        throw invalid(key, "duration of " + time + " (expected: some years at most)");
      }
    }

    private static FinchException invalid(String key, String what) {
      return new FinchException(
          Failure.permanent(
              FailureCode.SETTINGS_INVALID,
              "FinchOptions, " + key + ": no such " + what + ".",
              "reference.conf has the keys and what they take."));
    }

    /** The options. */
    public FinchOptions build() {
      return new FinchOptions(Map.copyOf(values));
    }
  }
}
