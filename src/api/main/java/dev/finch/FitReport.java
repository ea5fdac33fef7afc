package dev.finch;

import dev.finch.model.ModelReference;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What this machine offers and which model it gets.
 *
 * @param totalMemoryBytes memory of the machine or of its container, whichever is less
 * @param availableMemoryBytes what could be used now
 * @param containerLimitBytes the container's limit, empty where there is none
 * @param processors processors that may be used
 * @param chosen the model taken, empty where none fits
 * @param why in one sentence
 * @param withConsent what would be taken if every licence were accepted, empty where that is the
 *     same
 * @param candidates every model of the table with its verdict
 */
public record FitReport(
    long totalMemoryBytes,
    long availableMemoryBytes,
    OptionalLong containerLimitBytes,
    int processors,
    Optional<ModelReference> chosen,
    String why,
    Optional<ModelReference> withConsent,
    List<Candidate> candidates) {

  /**
   * One model held against this machine.
   *
   * @param fits whether it can run here
   * @param verdict in a few words
   */
  public record Candidate(
      ModelReference reference, String name, long memoryBytes, boolean fits, String verdict) {}

  public FitReport {
    candidates = List.copyOf(candidates);
  }
}
