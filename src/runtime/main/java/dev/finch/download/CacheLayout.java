package dev.finch.download;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where things lie in the standard Hugging Face cache.
 *
 * <pre>
 * CACHEDIR.TAG
 * .locks/models--acme--tiny/ETAG.lock
 * models--acme--tiny/blobs/ETAG
 * models--acme--tiny/refs/main                        the commit's 40 digits
 * models--acme--tiny/snapshots/COMMIT/sub/f.gguf  ->  ../../../blobs/ETAG
 * </pre>
 *
 * <p>Beside a blob Finch keeps {@code ETAG.finch.part} and {@code ETAG.finch.json} while it is on
 * its way: names that the other tools leave alone.
 *
 * @param root the cache's root, {@code hub}
 */
record CacheLayout(Path root) {

  static final String PART = ".finch.part";
  static final String STATE = ".finch.json";

  /** The end of a name that something has until it is renamed into its place. */
  static final String FRESH = ".finch.tmp";

  private static final String PREFIX = "models--";

  Path tag() {
    return root.resolve("CACHEDIR.TAG");
  }

  Path repository(String repository) {
    return root.resolve(PREFIX + repository.replace("/", "--"));
  }

  Path blobs(String repository) {
    return repository(repository).resolve("blobs");
  }

  Path blob(String repository, BlobId id) {
    return blobs(repository).resolve(id.etag());
  }

  Path lock(String repository, BlobId id) {
    return root.resolve(".locks")
        .resolve(PREFIX + repository.replace("/", "--"))
        .resolve(id.etag() + ".lock");
  }

  Path snapshot(String repository, String commit) {
    return repository(repository).resolve("snapshots").resolve(commit);
  }

  Path ref(String repository, String revision) {
    return repository(repository).resolve("refs").resolve(revision);
  }

  /** What a relative path of the repository is called below its snapshot; never outside of it. */
  Path snapshotFile(String repository, String commit, String path) throws IOException {
    Path snapshot = snapshot(repository, commit);
    Path file = snapshot.resolve(path).normalize();
    if (!file.startsWith(snapshot) || file.equals(snapshot)) {
      throw new ForeignPath("The repository names a file outside of itself: " + path);
    }
    return file;
  }

  /** The commit that a branch or tag pointed to when it was last asked. */
  Optional<String> commitOf(String repository, String revision) {
    if (Hub.isCommit(revision)) {
      return Optional.of(revision);
    }
    Path ref = ref(repository, revision).normalize();
    if (!ref.startsWith(repository(repository).resolve("refs"))) {
      return Optional.empty();
    }
    try {
      String commit = Files.readString(ref).strip();
      return Hub.isCommit(commit) ? Optional.of(commit) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The repositories that have a folder here. */
  List<String> repositories() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path folder : children(root)) {
      String name = folder.getFileName().toString();
      if (name.startsWith(PREFIX) && Files.isDirectory(folder)) {
        found.add(name.substring(PREFIX.length()).replaceFirst("--", "/"));
      }
    }
    return found;
  }

  /** The branches and tags that are known, as they are named. */
  List<String> revisions(String repository) throws IOException {
    Path refs = repository(repository).resolve("refs");
    List<String> found = new ArrayList<>();
    for (Path file : files(refs)) {
      found.add(refs.relativize(file).toString().replace('\\', '/'));
    }
    return found;
  }

  /** The commits that have a snapshot. */
  List<String> commits(String repository) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path folder : children(repository(repository).resolve("snapshots"))) {
      if (Hub.isCommit(folder.getFileName().toString())) {
        found.add(folder.getFileName().toString());
      }
    }
    return found;
  }

  /** The files of a snapshot that are there (a link to nothing is not), as the repository names. */
  List<RemotePath> snapshotFiles(String repository, String commit) throws IOException {
    Path snapshot = snapshot(repository, commit);
    List<RemotePath> found = new ArrayList<>();
    for (Path file : files(snapshot)) {
      if (Files.isRegularFile(file)) {
        String path = snapshot.relativize(file).toString().replace('\\', '/');
        found.add(new RemotePath(path, Files.size(file)));
      }
    }
    return found;
  }

  /** A file as a repository names it, and its size. */
  record RemotePath(String path, long size) {}

  /** Directory entries in order; none where there is no such directory. */
  static List<Path> children(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.walk(directory)) {
      return entries.filter(entry -> !Files.isDirectory(entry)).sorted().toList();
    }
  }
}
