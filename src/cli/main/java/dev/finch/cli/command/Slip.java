package dev.finch.cli.command;

import java.util.List;

/** Which command a mistyped word meant. */
final class Slip {

  /** The harmless ones first: where two are as near, the first is meant. */
  private static final List<String> COMMANDS =
      List.of(
          "ask",
          "completion",
          "config",
          "doctor",
          "fit",
          "help",
          "ledger",
          "list",
          "man",
          "models",
          "ps",
          "pull",
          "run",
          "serve",
          "show",
          "status",
          "stop",
          "verify",
          "prune",
          "rm");

  private Slip() {}

  /** The command that is one slip away, or two in a long word; empty where none is. */
  static String nearest(String word) {
    String best = "";
    int least = word.length() < 3 ? 0 : word.length() < 6 ? 1 : 2;
    for (String command : COMMANDS) {
      int slips = slips(word, command);
      if (slips < least || (slips == least && best.isEmpty() && slips > 0)) {
        least = slips;
        best = command;
      }
    }
    return best;
  }

  /**
   * Whether a word before the name of a model was to be {@code run}: it begins like it, or has two
   * letters swapped. Others that are one slip away ("fun", "can") may begin a question.
   */
  static boolean isRun(String word) {
    return slips(word, "run") == 1
        && (word.charAt(0) == 'r' || (word.length() == 3 && word.charAt(1) == 'r'));
  }

  /** Letters too many, missing, wrong or swapped with a neighbour. */
  private static int slips(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + same, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
