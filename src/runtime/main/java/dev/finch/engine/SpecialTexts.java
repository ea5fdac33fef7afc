package dev.finch.engine;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Where a text can be cut so that its pieces have the tokens of the whole: before the texts of
 * special tokens, which llama.cpp looks for in all of the rest of a text for each piece between
 * them, and between two words. Immutable and thread-safe.
 *
 * <p>llama.cpp looks for the longest special text first. So one that no other overlaps, but for
 * those inside it, is found for certain, and what stands before it is a piece of its own.
 */
final class SpecialTexts {

  /** Words are cut apart when a piece has become this long. */
  private static final int PIECE = 1 << 16;

  private static final class Node {
    final Map<Character, Node> next = new HashMap<>();
    boolean end;
  }

  private final Node root = new Node();
  private final BitSet firsts = new BitSet();
  private final boolean words;

  /**
   * @param texts of the special tokens that are looked for
   * @param words whether a text may be cut between two words
   */
  SpecialTexts(Collection<String> texts, boolean words) {
    this.words = words;
    for (String text : texts) {
      Node node = root;
      for (int i = 0; i < text.length(); i++) {
        node = node.next.computeIfAbsent(text.charAt(i), _ -> new Node());
      }
      node.end = true;
      firsts.set(text.charAt(0));
    }
  }

  /**
   * Finds the cuts in order.
   *
   * @param cut is told where the next piece begins
   */
  void cuts(String text, IntConsumer cut) {
    int covered = 0;
    int begun = 0;
    int candidate = -1;
    int candidateEnd = 0;
    for (int i = 0; i < text.length(); i++) {
      if (candidate >= 0 && i >= candidateEnd) {
        if (candidate > begun) {
          begun = candidate;
          cut.accept(candidate);
        }
        candidate = -1;
      }
      int end = firsts.get(text.charAt(i)) ? endOfLongest(text, i) : 0;
      if (end > 0) {
        if (i < candidateEnd && end > candidateEnd) {
          candidate = -1;
        }
        if (covered <= i) {
          candidate = i;
          candidateEnd = end;
        }
        covered = Math.max(covered, end);
      } else if (words && i - begun >= PIECE && covered < i && betweenWords(text, i)) {
        begun = i;
        cut.accept(i);
      }
    }
    if (candidate > begun) {
      cut.accept(candidate);
    }
  }

  private int endOfLongest(String text, int from) {
    Node node = root;
    int end = 0;
    for (int i = from; i < text.length(); i++) {
      node = node.next.get(text.charAt(i));
      if (node == null) {
        break;
      }
      end = node.end ? i + 1 : end;
    }
    return end;
  }

  /** A letter, one blank and a letter: every expression of b4916 ends a word before the blank. */
  private static boolean betweenWords(String text, int at) {
    return text.charAt(at) == ' '
        && at > 0
        && at + 1 < text.length()
        && isLetter(text.charAt(at - 1))
        && isLetter(text.charAt(at + 1));
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
