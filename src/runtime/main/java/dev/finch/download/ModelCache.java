package dev.finch.download;

import dev.finch.failure.FinchException;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelFile;
import dev.finch.model.ModelSpec;
import dev.finch.model.ModelSpec.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * What lies in the Hugging Face cache. Asks no network; blocks on the disk; thread-safe.
 *
 * <p>Reading writes nothing, so a read-only cache serves as well as any.
 */
public final class ModelCache {

  private final CacheLayout layout;

  public ModelCache(DownloadSettings settings) {
    this.layout = new CacheLayout(settings.cache());
  }

  /** Where it lies. */
  public Path root() {
    return layout.root();
  }

  /** The model, where all its files are there with the sizes that they should have. */
  public Optional<LocalModel> find(ModelSpec spec) {
    if (!(spec.origin() instanceof Origin.Hub hub)) {
      return Optional.empty();
    }
    try {
      Optional<String> commit = layout.commitOf(hub.repository(), hub.revision());
      return commit.isEmpty() ? Optional.empty() : find(spec, hub, commit.get());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Optional<LocalModel> find(ModelSpec spec, Origin.Hub hub, String commit)
      throws IOException {
    Map<String, Long> present = new HashMap<>();
    layout
        .snapshotFiles(hub.repository(), commit)
        .forEach(file -> present.put(file.path(), file.size()));
    List<String> paths =
        hub.files().isEmpty()
            ? GgufChoice.find(present.keySet(), hub.selector()).orElse(List.of())
            : hub.files().stream().map(ModelFile::path).toList();
    for (ModelFile file : hub.files()) {
      Long size = present.get(file.path());
      if (size == null || (file.size().orElse(-1) >= 0 && size != file.size().orElse(-1))) {
        return Optional.empty();
      }
    }
    return paths.isEmpty()
        ? Optional.empty()
        : Optional.of(new LocalModel(spec, onDisk(hub.repository(), commit, paths), commit));
  }

  static long bytes(List<Path> files) {
    try {
      long sum = 0;
      for (Path file : files) {
        sum += Files.size(file);
      }
      return sum;
    } catch (IOException e) {
      throw new FinchException(DiskFailures.of(e), e);
    }
  }

  /** All complete GGUF models, by repository. */
  public List<CachedModel> list() {
    List<CachedModel> found = new ArrayList<>();
    try {
      for (String repository : layout.repositories()) {
        for (String commit : layout.commits(repository)) {
          found.addAll(list(repository, commit));
        }
      }
    } catch (IOException e) {
      throw new FinchException(DiskFailures.of(e), e);
    }
    return List.copyOf(found);
  }

  private List<CachedModel> list(String repository, String commit) throws IOException {
    Map<String, Long> sizes = new HashMap<>();
    layout.snapshotFiles(repository, commit).forEach(file -> sizes.put(file.path(), file.size()));
    List<String> revisions = new ArrayList<>();
    for (String revision : layout.revisions(repository)) {
      if (layout.commitOf(repository, revision).filter(commit::equals).isPresent()) {
        revisions.add(revision);
      }
    }
    List<CachedModel> found = new ArrayList<>();
    for (GgufChoice.Candidate candidate : GgufChoice.candidates(sizes.keySet())) {
      List<Path> files = onDisk(repository, commit, candidate.paths());
      found.add(
          new CachedModel(
              repository,
              commit,
              revisions,
              candidate.paths(),
              files,
              candidate.paths().stream().mapToLong(path -> sizes.getOrDefault(path, 0L)).sum(),
              files.stream().allMatch(file -> VerificationMark.of(file) != null)));
    }
    return found;
  }

  /**
   * Removes a model: its files in the snapshot, and the blobs that nothing else in the repository
   * shows. Whether it is in use is the caller's to know.
   *
   * @return bytes freed
   */
  public long remove(ModelSpec spec) {
    return find(spec)
        .map(
            model -> {
              Origin.Hub hub = (Origin.Hub) spec.origin();
              return remove(hub.repository(), String.valueOf(model.commit()), model.files());
            })
        .orElse(0L);
  }

  /** As {@link #remove(ModelSpec)}, for a model that {@link #list} gave. */
  public long remove(CachedModel model) {
    return remove(model.repository(), model.commit(), model.files());
  }

  private long remove(String repository, String commit, List<Path> files) {
    try {
      long freed = 0;
      Set<Path> blobs = new HashSet<>();
      for (Path file : files) {
        if (Files.isSymbolicLink(file)) {
          blobs.add(target(file));
        } else {
          freed += Files.size(file);
        }
        Files.deleteIfExists(file);
      }
      blobs.removeAll(shownBlobs(repository));
      for (Path blob : blobs) {
        if (blob.startsWith(layout.blobs(repository)) && Files.exists(blob)) {
          // A link into the store that repositories share frees nothing by itself.
          freed += Files.isSymbolicLink(blob) ? 0 : Files.size(blob);
          Files.deleteIfExists(blob);
        }
      }
      removeEmpty(repository, commit);
      return freed;
    } catch (IOException e) {
      throw new FinchException(DiskFailures.of(e), e);
    }
  }

  /**
   * Reads a model's files to their end and compares their hashes with what they should be. What is
   * found good is noted as verified.
   *
   * @param progress hears how many more bytes were read
   */
  public List<FileCheck> verify(CachedModel model, LongConsumer progress) {
    return verify(model.files(), progress);
  }

  /** As {@link #verify(CachedModel, LongConsumer)}, for a model that {@link #find} gave. */
  public List<FileCheck> verify(LocalModel model, LongConsumer progress) {
    return verify(model.files(), progress);
  }

  private static List<FileCheck> verify(List<Path> files, LongConsumer progress) {
    try {
      List<FileCheck> checks = new ArrayList<>();
      for (Path file : files) {
        checks.add(FileCheck.of(file, progress));
      }
      return List.copyOf(checks);
    } catch (IOException e) {
      throw new FinchException(DiskFailures.of(e), e);
    }
  }

  /**
   * Takes a damaged file out of the cache, so that the next fetch brings it anew. What the file
   * links to elsewhere, such as a store that repositories share, stays.
   */
  public void discard(FileCheck damaged) {
    try {
      Path file = damaged.file();
      Files.deleteIfExists(Files.isSymbolicLink(file) ? target(file) : file);
    } catch (IOException e) {
      throw new FinchException(DiskFailures.of(e), e);
    }
  }

  /**
   * Removes what Finch's unfinished downloads left and did not touch for {@code age}. Other tools'
   * files stay, and so does what a process is fetching now.
   *
   * @return bytes freed
   */
  public long prune(Duration age) {
    try {
      Pruning pruning = new Pruning(layout, Instant.now().minus(age));
      long freed = 0;
      for (String repository : layout.repositories()) {
        freed += pruning.prune(repository);
      }
      return freed;
    } catch (IOException e) {
      throw new FinchException(DiskFailures.of(e), e);
    }
  }

  private Set<Path> shownBlobs(String repository) throws IOException {
    Set<Path> shown = new HashSet<>();
    for (String commit : layout.commits(repository)) {
      for (CacheLayout.RemotePath file : layout.snapshotFiles(repository, commit)) {
        Path path = layout.snapshotFile(repository, commit, file.path());
        if (Files.isSymbolicLink(path)) {
          shown.add(target(path));
        }
      }
    }
    return shown;
  }

  /** A snapshot without files, and refs to it, would promise something that is not there. */
  private void removeEmpty(String repository, String commit) throws IOException {
    Path snapshot = layout.snapshot(repository, commit);
    if (!layout.snapshotFiles(repository, commit).isEmpty()) {
      return;
    }
    for (String revision : layout.revisions(repository)) {
      if (layout.commitOf(repository, revision).filter(commit::equals).isPresent()) {
        Files.deleteIfExists(layout.ref(repository, revision));
      }
    }
    DirectoryTrees.deleteFolders(snapshot);
  }

  private static Path target(Path link) throws IOException {
    Path parent = link.getParent();
    Path target = Files.readSymbolicLink(link);
    return parent == null ? target : parent.resolve(target).normalize();
  }

  private List<Path> onDisk(String repository, String commit, List<String> paths)
      throws IOException {
    List<Path> files = new ArrayList<>();
    for (String path : paths) {
      files.add(layout.snapshotFile(repository, commit, path));
    }
    return files;
  }
}
