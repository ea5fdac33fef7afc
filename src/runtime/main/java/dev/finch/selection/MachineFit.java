package dev.finch.selection;

import static java.util.Objects.requireNonNull;

import dev.finch.model.License;
import dev.finch.model.ModelReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * This machine held against the catalogue.
 *
 * @param hardware what was measured
 * @param chosen what {@code auto} takes, or null where it takes nothing
 * @param why in one sentence
 * @param withConsent what {@code auto} would take if every licence were accepted, or null where
 *     that is the same
 * @param verdicts one for each model of the catalogue, by falling memory
 */
public record MachineFit(
    Hardware hardware,
    @Nullable ModelReference chosen,
    String why,
    @Nullable ModelReference withConsent,
    List<Verdict> verdicts) {

  /**
   * One model held against this machine, in its default quantization.
   *
   * @param reference how it is named
   * @param title for people
   * @param downloadBytes its files
   * @param memoryBytes what it takes with the context that selection asks for
   * @param license its terms
   * @param fits whether it can run here now
   * @param verdict in a few words
   */
  public record Verdict(
      ModelReference reference,
      String title,
      long downloadBytes,
      long memoryBytes,
      License license,
      boolean fits,
      String verdict) {
    public Verdict {
      requireNonNull(reference, "reference");
      requireNonNull(verdict, "verdict");
    }
  }

  public MachineFit {
    requireNonNull(hardware, "hardware");
    verdicts = List.copyOf(verdicts);
  }
}
