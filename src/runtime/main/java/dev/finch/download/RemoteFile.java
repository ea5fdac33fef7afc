package dev.finch.download;

import static java.util.Objects.requireNonNull;

/**
 * One file of a repository, as the Hub lists it.
 *
 * @param path inside the repository
 * @param size bytes
 * @param blob its content's hash
 */
record RemoteFile(String path, long size, BlobId blob) {
  RemoteFile {
    requireNonNull(path, "path");
    requireNonNull(blob, "blob");
    if (size < 0) {
      throw new IllegalArgumentException("size: " + size + " (expected: >= 0)");
    }
  }
}
