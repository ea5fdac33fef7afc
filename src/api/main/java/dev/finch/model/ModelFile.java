package dev.finch.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One file of a model in a Hub repository.
 *
 * @param path the file's path inside the repository
 * @param size bytes, or -1 where only the Hub can tell
 * @param sha256 64 lower-case hexadecimal digits, or null where only the Hub can tell
 */
public record ModelFile(String path, long size, @Nullable String sha256) {
  public ModelFile {
    requireNonNull(path, "path");
  }
}
