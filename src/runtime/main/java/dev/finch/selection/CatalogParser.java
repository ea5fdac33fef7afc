package dev.finch.selection;

import dev.finch.model.License;
import dev.finch.model.ModelConfig;
import dev.finch.model.ModelFile;
import dev.finch.settings.Section;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code finch.catalogue} and {@code finch.random-shapes}; what is wrong is named with its
 * key.
 */
final class CatalogParser {

  private final Section finch;
  private final Section catalogue;
  private final Set<String> architectures;

  CatalogParser(Section finch, Set<String> architectures) {
    this.finch = finch;
    this.catalogue = finch.section("catalogue");
    this.architectures = architectures;
  }

  Map<String, CatalogEntry> entries() {
    Map<String, CatalogEntry> entries = new TreeMap<>();
    for (String name : catalogue.names("models")) {
      entries.put(name, entry(name, catalogue.named("models", name)));
    }
    return entries;
  }

  Map<String, ModelConfig> randomShapes() {
    Map<String, ModelConfig> shapes = new TreeMap<>();
    for (String name : finch.names("random-shapes")) {
      shapes.put(name, shape(finch.named("random-shapes", name)));
    }
    return shapes;
  }

  private CatalogEntry entry(String name, Section model) {
    if (!name.equals(name.toLowerCase(Locale.ROOT))) {
      throw catalogue.invalid("models." + name, name, "a name in lower case");
    }
    ModelConfig shape = shape(model.section("shape"));
    Map<String, List<ModelFile>> variants = variants(model);
    String chosen = model.string("default");
    if (!variants.containsKey(chosen)) {
      throw model.invalid("default", chosen, "one of " + variants.keySet());
    }
    return new CatalogEntry(
        name,
        model.string("title"),
        model.string("repository"),
        model.optionalString("safetensors"),
        model.parsed("revision", "a commit of 40 hexadecimal digits", CatalogParser::commit),
        license(model),
        shape,
        chosen,
        variants,
        architectures.contains(shape.architecture()));
  }

  private License license(Section model) {
    String id = model.string("license");
    Set<String> known = catalogue.names("licenses");
    if (!known.contains(id)) {
      throw model.invalid("license", id, "one of " + known);
    }
    Section license = catalogue.named("licenses", id);
    return new License(
        id,
        license.string("name"),
        license.bool("free"),
        Optional.ofNullable(license.optionalString("url")));
  }

  private static ModelConfig shape(Section shape) {
    return new ModelConfig(
        shape.string("architecture"),
        shape.integer("layers", 1, 512),
        shape.integer("embedding-length", 1, 1 << 20),
        shape.integer("feed-forward-length", 1, 1 << 24),
        shape.integer("heads", 1, 1 << 16),
        shape.integer("kv-heads", 1, 1 << 16),
        shape.integer("head-dimension", 1, 1 << 16),
        shape.integer("vocabulary-size", 1, 1 << 24),
        shape.integer("context-length", 1, 1 << 30),
        shape.bool("tied-embeddings"));
  }

  private static Map<String, List<ModelFile>> variants(Section model) {
    Map<String, List<ModelFile>> variants = new TreeMap<>();
    Section section = model.section("variants");
    for (String quantization : model.names("variants")) {
      List<ModelFile> files = new ArrayList<>();
      for (Section file : section.sections(quantization)) {
        files.add(
            new ModelFile(
                file.string("path"),
                OptionalLong.of(file.bytes("size", 1, 1L << 42)),
                Optional.ofNullable(sha256(file))));
      }
      if (files.isEmpty()) {
        throw section.invalid(quantization, "[]", "at least one file");
      }
      variants.put(quantization, files);
    }
    return variants;
  }

  private static @Nullable String sha256(Section file) {
    return file.has("sha256")
        ? file.parsed("sha256", "64 hexadecimal digits", text -> hexadecimal(64, text))
        : null;
  }

  private static String commit(String text) {
    return hexadecimal(40, text);
  }

  private static String hexadecimal(int digits, String text) {
    boolean right = text.length() == digits;
    for (int i = 0; right && i < digits; i++) {
      right = HexFormat.isHexDigit(text.charAt(i));
    }
    if (!right) {
      throw new IllegalArgumentException(text);
    }
    return text.toLowerCase(Locale.ROOT);
  }
}
