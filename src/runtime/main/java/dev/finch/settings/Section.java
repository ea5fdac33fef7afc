package dev.finch.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One section of the configuration, read with types and ranges. Every method throws {@link
 * FinchException} with {@link FailureCode#SETTINGS_INVALID}, naming the whole key, its value and
 * what was expected.
 */
public final class Section {

  private final Config config;
  private final String path;

  private Section(Config config, String path) {
    this.config = config;
    this.path = path;
  }

  /** The section at {@code path} of a resolved configuration. */
  public static Section of(Config root, String path) {
    return new Section(root.getConfig(path), path);
  }

  public Section section(String key) {
    return new Section(read(key, "a section", () -> config.getConfig(key)), path + "." + key);
  }

  /** The names that stand directly below {@code key}, for sections that users extend. */
  public Set<String> names(String key) {
    ConfigObject object = read(key, "a section", () -> config.getObject(key));
    return new TreeSet<>(object.keySet());
  }

  /** The section of one of the {@link #names}, which may hold dots. */
  public Section named(String key, String name) {
    Config child =
        read(key, "a section", () -> config.getObject(key).toConfig().getConfig('"' + name + '"'));
    return new Section(child, path + "." + key + "." + name);
  }

  /** The sections of a list, in order; each is named by its index in messages. */
  public List<Section> sections(String key) {
    List<? extends Config> list = read(key, "a list of sections", () -> config.getConfigList(key));
    List<Section> sections = new ArrayList<>();
    for (Config element : list) {
      sections.add(new Section(element, path + "." + key + "[" + sections.size() + "]"));
    }
    return sections;
  }

  public boolean has(String key) {
    return config.hasPath(key);
  }

  public String string(String key) {
    return read(key, "a text", () -> config.getString(key));
  }

  /** Null where the key is absent, null or empty: an environment override may be empty. */
  public @Nullable String optionalString(String key) {
    if (!config.hasPath(key)) {
      return null;
    }
    String value = string(key).strip();
    return value.isEmpty() ? null : value;
  }

  public List<String> strings(String key) {
    return read(key, "a list of texts", () -> config.getStringList(key));
  }

  public boolean bool(String key) {
    return read(key, "on or off", () -> config.getBoolean(key));
  }

  public int integer(String key, int min, int max) {
    int value = read(key, "a whole number", () -> config.getInt(key));
    return inRange(key, value, min, max).intValue();
  }

  public long longInteger(String key, long min, long max) {
    long value = read(key, "a whole number", () -> config.getLong(key));
    return inRange(key, value, min, max).longValue();
  }

  public double number(String key, double min, double max) {
    double value = read(key, "a number", () -> config.getDouble(key));
    if (!(value >= min && value <= max)) {
      throw invalid(key, String.valueOf(value), min + " to " + max);
    }
    return value;
  }

  /** A size in bytes; units such as {@code 16 MiB} are read. */
  public long bytes(String key, long min, long max) {
    long value = read(key, "a size such as 16 MiB", () -> config.getBytes(key));
    return inRange(key, value, min, max).longValue();
  }

  public Duration duration(String key, Duration min, Duration max) {
    Duration value = read(key, "a duration such as 30s", () -> config.getDuration(key));
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw invalid(key, config.getString(key), min + " to " + max);
    }
    return value;
  }

  /** One of an enum's constants, written in kebab case. */
  public <E extends Enum<E>> E choice(String key, Class<E> type) {
    String value = string(key);
    for (E constant : type.getEnumConstants()) {
      if (kebab(constant).equals(value)) {
        return constant;
      }
    }
    String all =
        Arrays.stream(type.getEnumConstants())
            .map(Section::kebab)
            .collect(Collectors.joining(", "));
    throw invalid(key, value, "one of " + all);
  }

  /** A value that has a parser of its own, whose {@link IllegalArgumentException} says the rule. */
  public <T> T parsed(String key, String expected, Function<String, T> parser) {
    String value = string(key);
    try {
      return parser.apply(value);
    } catch (FinchException e) {
      throw invalid(key, value, e.failure().describe());
    } catch (IllegalArgumentException e) {
      throw invalid(key, value, expected);
    }
  }

  /**
   * A file that the value names. Nothing is opened, so that a pipe is not waited for.
   *
   * @param expected what the file holds, for the message
   */
  public Path file(String key, String expected) {
    return requireFile(key, parsed(key, "a path", Path::of), expected);
  }

  /**
   * Requires that a path is a file that can be read, and neither a directory nor a pipe, a device
   * or a socket, which would be waited for or have no end.
   *
   * @param key whose value it is; other places that it may come from can stand behind it
   */
  public Path requireFile(String key, Path file, String expected) {
    @Nullable String kind;
    try {
      SpecialFile special = SpecialFile.of(file);
      kind = special == null ? null : special.description();
    } catch (IOException e) {
      kind = null;
    }
    if (Files.isDirectory(file)) {
      kind = "a directory";
    }
    if (kind != null) {
      throw failure(
          path + "." + key + ": " + file + " is " + kind + " (expected: " + expected + ").");
    }
    if (!Files.isReadable(file)) {
      throw invalid(key, file + " cannot be read", expected);
    }
    return file;
  }

  /** A failure for a rule that only the caller knows. */
  public FinchException invalid(String key, String value, String expected) {
    return failure(path + "." + key + ": " + value + " (expected: " + expected + ").");
  }

  private Number inRange(String key, long value, long min, long max) {
    if (value < min || value > max) {
      String expected =
          max == Long.MAX_VALUE || max == Integer.MAX_VALUE
              ? "at least " + min
              : min + " to " + max;
      throw invalid(key, String.valueOf(value), expected);
    }
    return value;
  }

  private <T> T read(String key, String expected, Supplier<T> reader) {
    try {
      return reader.get();
    } catch (ConfigException.Missing e) {
      throw failure(path + "." + key + " is missing (expected: " + expected + ").");
    } catch (ConfigException e) {
      throw invalid(key, rendered(key), expected);
    }
  }

  private String rendered(String key) {
    try {
      return String.valueOf(config.getAnyRef(key));
    } catch (ConfigException e) {
      return "?";
    }
  }

  private static FinchException failure(String message) {
    return new FinchException(
        Failure.permanent(
            FailureCode.SETTINGS_INVALID,
            message,
            "Every key is described in reference.conf; `finch config` shows where each value came"
                + " from."));
  }

  private static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
