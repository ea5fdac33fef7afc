package dev.finch.download;

import java.io.IOException;
import java.io.Serial;

/** A repository names a file or a revision that would lie outside of its place in the cache. */
final class ForeignPath extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  ForeignPath(String message) {
    super(message);
  }
}
