package dev.finch.model;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One file of a model in a Hub repository.
 *
 * @param path the file's path inside the repository
 * @param size bytes, empty where only the Hub can tell
 * @param sha256 64 lower-case hexadecimal digits, empty where only the Hub can tell
 */
public record ModelFile(String path, OptionalLong size, Optional<String> sha256) {
  public ModelFile {
    requireNonNull(path, "path");
  }
}
