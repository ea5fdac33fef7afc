package dev.finch.download;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which files of a repository are the model: exactly one file, or one complete split set. Pure.
 *
 * <p>Without a wish Q4_K_M is taken, then Q8_0, then what is nearest to four bits; sixteen and more
 * only where there is nothing else. Where a repository holds one quantization both whole and split,
 * the whole file is taken.
 */
final class GgufChoice {

  /** K-quantizations first, which are the best of their size on a CPU; then by name. */
  private static final Comparator<Candidate> NEAREST =
      Comparator.comparingInt((Candidate candidate) -> candidate.first().bitsFromFour())
          .thenComparing(candidate -> !candidate.first().isKQuantization())
          .thenComparingInt(candidate -> candidate.first().parts());

  private static final List<String> DEFAULTS = List.of("Q4_K_M", "Q8_0");

  private GgufChoice() {}

  /** One model of a repository: its paths in order of their part numbers. */
  record Candidate(List<GgufName> parts) {
    GgufName first() {
      return parts.getFirst();
    }

    List<String> paths() {
      return parts.stream().map(GgufName::path).toList();
    }
  }

  /** The complete models among a repository's paths, by name. */
  static List<Candidate> candidates(Collection<String> paths) {
    Map<String, List<GgufName>> sets = new TreeMap<>();
    for (String path : paths) {
      GgufName name = GgufName.parse(path);
      if (name != null) {
        sets.computeIfAbsent(name.set() + "/" + name.parts(), _ -> new ArrayList<>()).add(name);
      }
    }
    return sets.values().stream()
        .filter(set -> set.size() == set.getFirst().parts())
        .map(set -> set.stream().sorted(Comparator.comparingInt(GgufName::part)).toList())
        .map(Candidate::new)
        .toList();
  }

  /**
   * The paths of the model that the selector names.
   *
   * @param selector a quantization, a file's name or path, or null for the default
   * @throws FinchException where the repository has no such model, naming those that it has
   */
  static List<String> choose(
      String repository, Collection<String> paths, @Nullable String selector) {
    List<Candidate> candidates = candidates(paths);
    if (candidates.isEmpty()) {
      throw new FinchException(nothing(repository, paths));
    }
    return find(candidates, selector)
        .map(Candidate::paths)
        .orElseThrow(
            () -> new FinchException(unknown(repository, String.valueOf(selector), candidates)));
  }

  /** As {@link #choose}, for what lies in a cache: empty where it is not there. */
  static Optional<List<String>> find(Collection<String> paths, @Nullable String selector) {
    return find(candidates(paths), selector).map(Candidate::paths);
  }

  private static Optional<Candidate> find(List<Candidate> candidates, @Nullable String selector) {
    if (selector == null) {
      return DEFAULTS.stream()
          .flatMap(name -> quantized(candidates, name).stream())
          .findFirst()
          .or(() -> candidates.stream().min(NEAREST));
    }
    Optional<Candidate> named =
        candidates.stream()
            .filter(
                candidate ->
                    candidate.parts().stream()
                        .anyMatch(
                            part ->
                                part.path().equals(selector)
                                    || part.fileName().equalsIgnoreCase(selector)))
            .findFirst();
    return named.or(() -> quantized(candidates, selector));
  }

  private static Optional<Candidate> quantized(List<Candidate> candidates, String quantization) {
    return candidates.stream()
        .filter(candidate -> candidate.first().quantizedAs(quantization))
        .min(
            Comparator.comparingInt((Candidate candidate) -> candidate.first().parts())
                .thenComparingInt(candidate -> candidate.first().path().length())
                .thenComparing(candidate -> candidate.first().path()));
  }

  private static Failure unknown(String repository, String selector, List<Candidate> candidates) {
    String known =
        candidates.stream()
            .map(candidate -> candidate.first().quantization())
            .filter(Objects::nonNull)
            .collect(Collectors.toCollection(TreeSet::new))
            .stream()
            .collect(Collectors.joining(", "));
    return Failure.permanent(
        FailureCode.UNKNOWN_MODEL,
        repository + " has no quantization or file '" + selector + "'.",
        known.isEmpty()
            ? "It has "
                + candidates.stream()
                    .map(candidate -> candidate.first().fileName())
                    .collect(Collectors.joining(", "))
                + "."
            : "It has " + known + ".");
  }

  private static Failure nothing(String repository, Collection<String> paths) {
    boolean split = paths.stream().anyMatch(path -> GgufName.parse(path) != null);
    return Failure.permanent(
        FailureCode.UNSUPPORTED_MODEL,
        split
            ? repository + " has only an incomplete split set: parts are missing."
            : repository + " has no GGUF file; Finch runs GGUF models only.",
        split ? "Name another revision after '@'." : "Look for its GGUF sibling on the Hub.");
  }
}
