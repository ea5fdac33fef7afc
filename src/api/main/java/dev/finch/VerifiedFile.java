package dev.finch;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.model.ModelReference;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One file of a cached model after it was read to its end.
 *
 * @param model a reference that names the model it belongs to
 * @param path as the cache shows it
 * @param bytes its size when it was read
 * @param outcome what was found and done
 * @param failure why a damaged file was not repaired, else empty
 */
public record VerifiedFile(
    ModelReference model, Path path, long bytes, Outcome outcome, Optional<Failure> failure) {

  /** What was found of a file, and what was done about it. */
  public enum Outcome {
    /** It has the hash that it should have. */
    OK,
    /** Nothing on this machine says which hash it should have. */
    UNKNOWN_HASH,
    /** It was damaged, and was fetched again. */
    REPAIRED,
    /** It was damaged and is gone, but could not be fetched again. */
    DAMAGED_REMOVED,
    /** It is damaged and could not be removed, for example from a cache that is read-only. */
    DAMAGED_KEPT
  }

  public VerifiedFile {
    requireNonNull(model, "model");
    requireNonNull(path, "path");
    requireNonNull(outcome, "outcome");
    requireNonNull(failure, "failure");
  }

  /** Whether it was damaged and is not right now either. */
  public boolean broken() {
    return outcome == Outcome.DAMAGED_REMOVED || outcome == Outcome.DAMAGED_KEPT;
  }
}
