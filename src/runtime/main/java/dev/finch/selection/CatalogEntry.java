package dev.finch.selection;

import static java.util.Objects.requireNonNull;

import dev.finch.model.License;
import dev.finch.model.ModelConfig;
import dev.finch.model.ModelFile;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One model of the catalogue.
 *
 * @param name how a person names it, for example {@code qwen2.5-1.5b}
 * @param title for people, for example {@code Qwen2.5-1.5B Instruct}
 * @param repository where its GGUF files are
 * @param safetensors the repository that it was converted from, or null
 * @param revision the commit that the files were listed at
 * @param license its terms
 * @param shape what memory is computed from
 * @param defaultQuantization the variant taken where none is named
 * @param variants files in order by quantization, sorted
 * @param loadable whether the native library knows its architecture
 */
public record CatalogEntry(
    String name,
    String title,
    String repository,
    @Nullable String safetensors,
    String revision,
    License license,
    ModelConfig shape,
    String defaultQuantization,
    Map<String, List<ModelFile>> variants,
    boolean loadable) {

  public CatalogEntry {
    requireNonNull(name, "name");
    variants = Collections.unmodifiableMap(new TreeMap<>(variants));
  }

  /** How it is named with the catalogue's own choice of quantization. */
  public ModelReference.Catalogued reference() {
    return new ModelReference.Catalogued(name, null);
  }

  /** What a download of a variant is. */
  ModelSpec spec(ModelReference reference, String quantization) {
    List<ModelFile> files = requireNonNull(variants.get(quantization), quantization);
    return new ModelSpec(
        reference,
        title + " " + quantization.toUpperCase(Locale.ROOT),
        new ModelSpec.Origin.Hub(repository, revision, quantization, files),
        Optional.ofNullable(license));
  }

  /** The memory that a variant takes; its files are little more than its weights. */
  public MemoryEstimate memory(String quantization, MemoryUse use) {
    List<ModelFile> files = requireNonNull(variants.get(quantization), quantization);
    return MemoryEstimate.of(
        shape, files.stream().mapToLong(file -> file.size().orElse(0)).sum(), use);
  }
}
