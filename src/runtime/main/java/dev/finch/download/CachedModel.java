package dev.finch.download;

import static java.util.Objects.requireNonNull;

import dev.finch.model.ModelReference;
import java.nio.file.Path;
import java.util.List;

/**
 * A complete GGUF model in the cache, whoever put it there.
 *
 * @param repository {@code organisation/name}
 * @param commit the commit whose snapshot shows it
 * @param revisions branches and tags that point to that commit
 * @param paths its files inside the repository, in order of their part numbers
 * @param files the same on disk
 * @param bytes of all of them
 * @param verified whether all are known to have the hash they should have, and are unchanged since
 */
public record CachedModel(
    String repository,
    String commit,
    List<String> revisions,
    List<String> paths,
    List<Path> files,
    long bytes,
    boolean verified) {

  public CachedModel {
    requireNonNull(repository, "repository");
    requireNonNull(commit, "commit");
    revisions = List.copyOf(revisions);
    paths = List.copyOf(paths);
    files = List.copyOf(files);
  }

  /** A reference that names exactly this. */
  public ModelReference reference() {
    String revision =
        revisions.contains("main") ? null : revisions.isEmpty() ? commit : revisions.getFirst();
    return new ModelReference.Hub(repository, paths.getFirst(), revision);
  }
}
