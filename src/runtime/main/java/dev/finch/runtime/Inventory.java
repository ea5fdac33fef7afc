package dev.finch.runtime;

import static java.util.stream.Collectors.joining;

import dev.finch.ModelListing;
import dev.finch.download.CachedModel;
import dev.finch.download.ModelCache;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.selection.CatalogEntry;
import dev.finch.selection.MachineFit;
import dev.finch.selection.ModelCatalog;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The catalogue beside what is on disk. Blocks on the disk; thread-safe. */
final class Inventory {

  private static final int SHORT_COMMIT = 7;

  private final ModelCatalog catalog;
  private final ModelCache cache;
  private final ModelIdentity identity;
  private final FileFacts facts = new FileFacts();

  Inventory(ModelCatalog catalog, ModelCache cache, ModelIdentity identity) {
    this.catalog = catalog;
    this.cache = cache;
    this.identity = identity;
  }

  /** The catalogue's models as this machine stands to them, then what else is cached. */
  List<ModelListing> list(MachineFit fit, @Nullable ModelInfo loaded) {
    List<ModelListing> listings = new ArrayList<>();
    List<CachedModel> onDisk = cache.list();
    Set<CachedModel> listed = new HashSet<>();
    for (MachineFit.Verdict verdict : fit.verdicts()) {
      String repository = repositoryOf(verdict.reference());
      List<CachedModel> copies =
          onDisk.stream().filter(model -> model.repository().equals(repository)).toList();
      listed.addAll(copies);
      boolean chosen = verdict.reference().equals(fit.chosen());
      listings.add(catalogued(verdict, repository, copies, chosen, loaded));
    }
    onDisk.stream()
        .filter(model -> !listed.contains(model))
        .map(model -> unlisted(model, loaded))
        .forEach(listings::add);
    return listings;
  }

  /**
   * The name by which {@link #list} lists the files of this model; the same where none are here.
   */
  ModelReference listedAs(ModelReference reference) {
    ModelSpec spec = catalog.specOf(reference);
    if (!(spec.origin() instanceof ModelSpec.Origin.Hub) || cache.find(spec).isEmpty()) {
      return reference;
    }
    for (CatalogEntry entry : catalog.entries()) {
      ModelReference catalogued = new ModelReference.Catalogued(entry.name(), null);
      if (identity.same(catalogued, reference)) {
        return catalogued;
      }
    }
    return cache.list().stream()
        .filter(model -> identity.same(reference, model.files()))
        .map(CachedModel::reference)
        .findFirst()
        .orElse(reference);
  }

  /** Whether all of a model is on this machine. */
  boolean has(ModelReference reference) {
    ModelSpec spec = catalog.specOf(reference);
    return switch (spec.origin()) {
      case ModelSpec.Origin.Hub _ -> cache.find(spec).isPresent();
      case ModelSpec.Origin.LocalFile(var path) -> Files.isRegularFile(path);
      case ModelSpec.Origin.BuiltIn _, ModelSpec.Origin.Random _ -> true;
    };
  }

  private ModelListing catalogued(
      MachineFit.Verdict verdict,
      @Nullable String repository,
      List<CachedModel> copies,
      boolean chosen,
      @Nullable ModelInfo loaded) {
    return new ModelListing(
        verdict.reference(),
        verdict.title(),
        Optional.ofNullable(repository),
        OptionalLong.of(verdict.downloadBytes()),
        OptionalLong.of(verdict.memoryBytes()),
        Optional.ofNullable(verdict.license()),
        copies.stream().mapToLong(CachedModel::bytes).sum(),
        isLoadable(verdict.reference()) && has(verdict.reference()),
        Optional.ofNullable(revision(copies)),
        verified(copies),
        chosen,
        isLoaded(loaded, verdict.reference()),
        Optional.ofNullable(details(verdict.reference())));
  }

  private ModelListing.@Nullable Details details(ModelReference reference) {
    return isLoadable(reference)
        ? cache.find(catalog.specOf(reference)).map(model -> facts.of(model.files())).orElse(null)
        : null;
  }

  private ModelListing unlisted(CachedModel model, @Nullable ModelInfo loaded) {
    return new ModelListing(
        model.reference(),
        model.repository(),
        Optional.ofNullable(model.repository()),
        OptionalLong.of(model.bytes()),
        OptionalLong.empty(),
        Optional.empty(),
        model.bytes(),
        true,
        Optional.ofNullable(revision(List.of(model))),
        model.verified(),
        false,
        loaded != null && identity.same(loaded.reference(), model.files()),
        Optional.ofNullable(facts.of(model.files())));
  }

  private static @Nullable String revision(List<CachedModel> copies) {
    return copies.isEmpty()
        ? null
        : copies.stream().map(Inventory::revision).distinct().collect(joining(", "));
  }

  private static String revision(CachedModel model) {
    String commit = model.commit().substring(0, SHORT_COMMIT);
    return model.revisions().isEmpty()
        ? commit
        : String.join(" ", model.revisions()) + " " + commit;
  }

  private static boolean verified(List<CachedModel> copies) {
    return !copies.isEmpty() && copies.stream().allMatch(CachedModel::verified);
  }

  private @Nullable String repositoryOf(ModelReference reference) {
    return reference instanceof ModelReference.Catalogued(var name, _)
        ? catalog.entry(name).map(CatalogEntry::repository).orElse(null)
        : null;
  }

  private boolean isLoadable(ModelReference reference) {
    return reference instanceof ModelReference.Catalogued(var name, _)
        && catalog.entry(name).map(CatalogEntry::loadable).orElse(false);
  }

  private boolean isLoaded(@Nullable ModelInfo loaded, ModelReference reference) {
    return loaded != null && identity.same(loaded.reference(), reference);
  }
}
