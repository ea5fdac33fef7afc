package dev.finch.runtime;

import dev.finch.download.ModelCache;
import dev.finch.failure.FinchException;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import dev.finch.selection.ModelCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model is its files, whatever it is called: as a catalogue entry, as a repository with or
 * without a quantization, a file or a revision, as a path. Blocks on the disk; thread-safe.
 */
final class ModelIdentity {

  private static final List<Path> NONE = List.of();

  private final ModelCatalog catalog;
  private final ModelCache cache;

  ModelIdentity(ModelCatalog catalog, ModelCache cache) {
    this.catalog = catalog;
    this.cache = cache;
  }

  /** Whether a name could be another one for a model that goes by one of its own. */
  static boolean mayBeAnother(@Nullable ModelReference named, RuntimeState state) {
    return named != null
        && !(named instanceof ModelReference.Auto)
        && !(named instanceof ModelReference.BuiltIn)
        && !(named instanceof ModelReference.Random)
        && !named.equals(referenceOf(state.serving().orElse(null)));
  }

  /**
   * The name by which a model serves, or is on its way, where it goes by another here; else the one
   * given.
   */
  ModelReference known(ModelReference named, RuntimeState state) {
    Set<Path> files = files(named);
    for (ModelState each :
        new ModelState[] {state.serving().orElse(null), state.preparing().orElse(null)}) {
      ModelReference other = referenceOf(each);
      if (other != null && same(files, files(other))) {
        return other;
      }
    }
    return named;
  }

  /** Whether both are the same model, whose files are here. */
  boolean same(ModelReference a, ModelReference b) {
    return a.equals(b) || same(files(a), files(b));
  }

  /** Whether these are the files of this model. */
  boolean same(ModelReference reference, List<Path> files) {
    return same(files(reference), real(files));
  }

  private static boolean same(Set<Path> a, Set<Path> b) {
    return !a.isEmpty() && a.equals(b);
  }

  /** The files themselves, behind all links; none where they are not all here. */
  private Set<Path> files(ModelReference reference) {
    try {
      ModelSpec spec = catalog.specOf(reference);
      return switch (spec.origin()) {
        case ModelSpec.Origin.Hub _ -> real(cache.find(spec).map(LocalModel::files).orElse(NONE));
        case ModelSpec.Origin.LocalFile(var path) -> real(List.of(path));
        case ModelSpec.Origin.BuiltIn _, ModelSpec.Origin.Random _ -> Set.of();
      };
    } catch (FinchException e) {
      return Set.of(); // it is no model here, which whoever loads it will say better
    }
  }

  private static Set<Path> real(List<Path> paths) {
    Set<Path> real = new HashSet<>();
    try {
      for (Path path : paths) {
        real.add(path.toRealPath());
      }
    } catch (IOException e) {
      return Set.of();
    }
    return real;
  }

  private static @Nullable ModelReference referenceOf(@Nullable ModelState state) {
    return switch (state) {
      case ModelState.Ready(var info) -> info.reference();
      case ModelState.Draining(var info) -> info.reference();
      case ModelState.Idle(var info) -> info.reference();
      case ModelState.Loading loading -> loading.spec().reference();
      case ModelState.Downloading downloading -> downloading.spec().reference();
      case null, default -> null;
    };
  }
}
