package dev.finch.model;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model whose bytes lie on this machine, complete and verified as far as its origin allows.
 *
 * @param spec what it is
 * @param files its GGUF file, or all parts of a split set in order
 * @param commit the Hub commit that the files belong to, or null where they did not come from a Hub
 */
public record LocalModel(ModelSpec spec, List<Path> files, @Nullable String commit) {
  public LocalModel {
    requireNonNull(spec, "spec");
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("files: [] (expected: at least one)");
    }
  }
}
