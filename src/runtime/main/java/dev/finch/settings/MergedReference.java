package dev.finch.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Merges every {@code reference.conf} of the class path for the distribution's launcher jar; run by
 * the build. What holds no substitution is packed, and the rest is left as text.
 */
final class MergedReference {

  private static final ConfigRenderOptions CONCISE = ConfigRenderOptions.concise();

  private final Path directory;

  private MergedReference(Path directory) {
    this.directory = directory;
  }

  /** Writes below the directory that is the only argument. */
  public static void main(String[] args) throws IOException {
    MergedReference merged = new MergedReference(Path.of(args[0]));
    Config all = ConfigFactory.parseResourcesAnySyntax("reference");
    String text = only(false, all.root()).render(CONCISE);
    Files.createDirectories(merged.directory.resolve(Reference.FOLDER));
    Files.writeString(merged.directory.resolve(Reference.TEXT), text, Reference.CHARSET);
    merged.pack(Reference.PACKED, only(true, all.root()));
    merged.pack(Reference.PACKED_OWN_SYSTEM, Reference.ownSystem().root());
    merged.check(all, ConfigFactory.parseString(text));
  }

  private void check(Config all, Config text) throws IOException {
    try (var in = Files.newInputStream(directory.resolve(Reference.PACKED))) {
      Config merged = text.withFallback(PackedValues.read(in, Reference.ORIGIN));
      if (!merged.resolve().equals(all.resolve())) {
        throw new IOException("the merged reference.conf does not mean what its parts mean");
      }
    }
  }

  private void pack(String name, ConfigObject values) throws IOException {
    Path file = directory.resolve(name);
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
      PackedValues.write(values, out);
    }
  }

  /** What of it is constant, or what is not. */
  private static ConfigObject only(boolean constants, ConfigObject all) {
    ConfigObject left = all;
    for (Map.Entry<String, ConfigValue> entry : all.entrySet()) {
      ConfigValue value = entry.getValue();
      boolean constant = !value.render(CONCISE).contains("${");
      ConfigObject inner = constant ? null : inner(value);
      if (inner != null) {
        left = left.withValue(entry.getKey(), only(constants, inner));
      } else if (constant != constants) {
        left = left.withoutKey(entry.getKey());
      }
    }
    return left;
  }

  /** An object whose keys are known before substitution; null for anything else. */
  private static @Nullable ConfigObject inner(ConfigValue value) {
    if (!(value instanceof ConfigObject object)) {
      return null;
    }
    try {
      Set<String> _ = object.keySet();
      return object;
    } catch (ConfigException.NotResolved e) {
      return null;
    }
  }
}
