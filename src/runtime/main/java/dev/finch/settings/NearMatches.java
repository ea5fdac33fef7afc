package dev.finch.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Words that look like a misspelt one. */
public final class NearMatches {

  private static final int MOST = 3;

  /** No word is longer, and comparing takes time by its length. */
  private static final int LONGEST = 256;

  private NearMatches() {}

  /** Up to three of the candidates, nearest first; empty where none is near. */
  public static List<String> of(String word, Collection<String> candidates) {
    if (word.length() > LONGEST) {
      return List.of();
    }
    int most = Math.max(2, word.length() / 3);
    return candidates.stream()
        .filter(candidate -> distance(word, candidate) <= most || related(word, candidate))
        .sorted(
            Comparator.comparingInt((String candidate) -> distance(word, candidate))
                .thenComparing(Comparator.naturalOrder()))
        .limit(MOST)
        .toList();
  }

  /** "Did you mean a, b?" or an empty text. */
  public static String question(String word, Collection<String> candidates) {
    List<String> near = of(word, candidates);
    return near.isEmpty() ? "" : "Did you mean " + String.join(", ", near) + "? ";
  }

  private static boolean related(String word, String candidate) {
    return word.length() >= 3 && (candidate.startsWith(word) || word.startsWith(candidate));
  }

  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
