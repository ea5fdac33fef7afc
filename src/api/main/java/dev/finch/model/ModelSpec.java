package dev.finch.model;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model that has been decided on: what it is called and where its bytes come from.
 *
 * @param reference what the user named, or the catalogue entry that was chosen for them
 * @param name for people, for example {@code Qwen2.5-3B Instruct Q4_K_M}
 * @param origin where its bytes come from
 * @param license empty where unknown (a file, or a repository outside the catalogue)
 */
public record ModelSpec(
    ModelReference reference, String name, Origin origin, Optional<License> license) {

  /** The built-in model's name for people. */
  public static final String BUILT_IN_NAME = "the built-in demonstration model";

  public ModelSpec {
    requireNonNull(reference, "reference");
    requireNonNull(name, "name");
    requireNonNull(origin, "origin");
  }

  /** Where a model's bytes come from. */
  public sealed interface Origin {

    /**
     * A repository on the Hub.
     *
     * @param repository {@code organisation/name}
     * @param revision a branch, tag or commit; the catalogue pins commits
     * @param selector a quantization or a file name, read where {@code files} is empty; null takes
     *     the default quantization
     * @param files exactly these files, in order of their split numbers; empty where the listing
     *     has to be asked
     */
    record Hub(String repository, String revision, @Nullable String selector, List<ModelFile> files)
        implements Origin {
      public Hub {
        requireNonNull(repository, "repository");
        requireNonNull(revision, "revision");
        files = List.copyOf(files);
      }
    }

    /** A GGUF file, or any part of a split set, on this machine. */
    record LocalFile(Path path) implements Origin {
      public LocalFile {
        requireNonNull(path, "path");
      }
    }

    /** The demonstration model in Finch's jar. */
    record BuiltIn() implements Origin {}

    /** Random weights of this shape, written when first needed. */
    record Random(ModelConfig config, long seed) implements Origin {
      public Random {
        requireNonNull(config, "config");
      }
    }
  }

  /** Bytes to be fetched where that is known without asking the Hub, else -1. */
  public long downloadBytes() {
    if (!(origin instanceof Origin.Hub hub) || hub.files().isEmpty()) {
      return -1;
    }
    long sum = 0;
    for (ModelFile file : hub.files()) {
      if (file.size().orElse(-1) < 0) {
        return -1;
      }
      sum += file.size().orElse(-1);
    }
    return sum;
  }
}
