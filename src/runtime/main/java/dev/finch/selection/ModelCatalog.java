package dev.finch.selection;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.gguf.Architectures;
import dev.finch.model.License;
import dev.finch.model.ModelConfig;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.settings.NearMatches;
import dev.finch.settings.Section;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The models and shapes that have names. Immutable; asks no network and no disk. */
public final class ModelCatalog {

  /** Finch's own model comes under Finch's own licence. */
  private static final License OWN =
      new License(
          "apache-2.0",
          "Apache-2.0",
          true,
          Optional.ofNullable("https://www.apache.org/licenses/LICENSE-2.0"));

  private final Map<String, CatalogEntry> entries;
  private final Map<String, ModelConfig> shapes;

  private ModelCatalog(Map<String, CatalogEntry> entries, Map<String, ModelConfig> shapes) {
    this.entries = entries;
    this.shapes = shapes;
  }

  /**
   * Reads {@code finch.catalogue} and {@code finch.random-shapes}, for a native library of
   * llama.cpp b4916.
   *
   * @param finch the whole section {@code finch}
   */
  public static ModelCatalog from(Section finch) {
    return from(finch, Architectures.B4916);
  }

  /**
   * Reads {@code finch.catalogue} and {@code finch.random-shapes}.
   *
   * @param finch the whole section {@code finch}
   * @param architectures what the native library can load
   */
  public static ModelCatalog from(Section finch, Set<String> architectures) {
    CatalogParser parser = new CatalogParser(finch, architectures);
    return new ModelCatalog(parser.entries(), parser.randomShapes());
  }

  /** All models, ordered by name. */
  public List<CatalogEntry> entries() {
    return List.copyOf(entries.values());
  }

  /** The identifiers of all licences that its models come under. */
  Set<String> licenses() {
    return entries.values().stream().map(entry -> entry.license().id()).collect(Collectors.toSet());
  }

  /** The entry of that name, or empty. */
  public Optional<CatalogEntry> entry(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /** The model of that name and quantization, or empty where either is unknown. */
  public Optional<ModelSpec> find(ModelReference.Catalogued reference) {
    return entry(reference.name())
        .filter(entry -> entry.variants().containsKey(quantization(entry, reference)))
        .map(entry -> entry.spec(reference, quantization(entry, reference)));
  }

  /**
   * What a reference stands for. Says nothing of licences; {@link ModelSpec#license} does.
   *
   * @throws FinchException with {@link FailureCode#UNKNOWN_MODEL} and near matches, or with {@link
   *     FailureCode#UNSUPPORTED_MODEL} where the native library cannot load it or it is no GGUF
   *     repository
   * @throws IllegalArgumentException for {@code auto}, which only a machine can decide
   */
  public ModelSpec specOf(ModelReference reference) {
    return switch (reference) {
      case ModelReference.Auto _ ->
          throw new IllegalArgumentException("auto (expected: a decided model)");
      case ModelReference.Catalogued named -> catalogued(named);
      case ModelReference.Hub hub -> hub(hub);
      case ModelReference.LocalFile file ->
          new ModelSpec(
              file,
              file.path().getFileName().toString(),
              new ModelSpec.Origin.LocalFile(file.path()),
              Optional.empty());
      case ModelReference.BuiltIn builtIn ->
          new ModelSpec(
              builtIn,
              ModelSpec.BUILT_IN_NAME,
              new ModelSpec.Origin.BuiltIn(),
              Optional.ofNullable(OWN));
      case ModelReference.Random random ->
          new ModelSpec(
              random,
              "random weights of shape " + random.shape() + ", seed " + random.seed(),
              new ModelSpec.Origin.Random(shape(random.shape()), random.seed()),
              Optional.empty());
    };
  }

  private ModelSpec catalogued(ModelReference.Catalogued reference) {
    CatalogEntry entry = entries.get(reference.name());
    if (entry == null) {
      throw unknown(
          "The catalogue has no model '" + ModelReference.shown(reference.name()) + "'.",
          NearMatches.question(reference.name(), entries.keySet())
              + "`finch models` lists them; other models are named hf:org/repo or"
              + " file:/path.gguf.");
    }
    if (!entry.loadable()) {
      throw unsupported(
          entry.title()
              + " has the architecture '"
              + entry.shape().architecture()
              + "', which the llama.cpp release inside Finch does not know.",
          "Choose a model of another family, for example qwen2.5-3b.");
    }
    String quantization = quantization(entry, reference);
    if (!entry.variants().containsKey(quantization)) {
      throw unknown(
          entry.title() + " has no variant '" + quantization + "' in the catalogue.",
          "It has "
              + String.join(", ", entry.variants().keySet())
              + "; any file of its repository is named hf:"
              + entry.repository()
              + ":"
              + quantization
              + ".");
    }
    return entry.spec(reference, quantization);
  }

  private ModelSpec hub(ModelReference.Hub hub) {
    for (CatalogEntry entry : entries.values()) {
      if (hub.repository().equalsIgnoreCase(entry.safetensors())) {
        throw unsupported(
            hub.repository() + " holds safetensors; Finch runs GGUF files.",
            "Name its GGUF sibling: hf:" + entry.repository() + ", in short " + entry.name() + ".");
      }
    }
    String revision = hub.revision() == null ? "main" : hub.revision();
    return new ModelSpec(
        hub,
        hub.repository() + (hub.selector() == null ? "" : " " + hub.selector()),
        new ModelSpec.Origin.Hub(hub.repository(), revision, hub.selector(), List.of()),
        Optional.ofNullable(knownLicense(hub.repository())));
  }

  private @Nullable License knownLicense(String repository) {
    return entries.values().stream()
        .filter(entry -> entry.repository().equalsIgnoreCase(repository))
        .map(CatalogEntry::license)
        .findFirst()
        .orElse(null);
  }

  private ModelConfig shape(String name) {
    ModelConfig own = shapes.get(name);
    if (own != null) {
      return own;
    }
    CatalogEntry entry = entries.get(name);
    if (entry != null && entry.loadable()) {
      return entry.shape();
    }
    Set<String> names = new TreeSet<>(shapes.keySet());
    entries.values().stream()
        .filter(CatalogEntry::loadable)
        .forEach(loadable -> names.add(loadable.name()));
    throw unknown(
        "There is no random shape '" + name + "'.",
        NearMatches.question(name, names)
            + "Shapes are those of finch.random-shapes and the names of the catalogue.");
  }

  private static String quantization(CatalogEntry entry, ModelReference.Catalogued reference) {
    String named = reference.quantization();
    return named == null ? entry.defaultQuantization() : named;
  }

  private static FinchException unknown(String message, String hint) {
    return new FinchException(Failure.permanent(FailureCode.UNKNOWN_MODEL, message, hint));
  }

  private static FinchException unsupported(String message, String hint) {
    return new FinchException(Failure.permanent(FailureCode.UNSUPPORTED_MODEL, message, hint));
  }
}
