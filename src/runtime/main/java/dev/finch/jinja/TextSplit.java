package dev.finch.jinja;

import java.util.ArrayList;
import java.util.List;

/** Cuts a text as Python's {@code str} does. */
final class TextSplit {

  private final Rendering rendering;
  private final String text;

  TextSplit(Rendering rendering, String text) {
    this.rendering = rendering;
    this.text = text;
  }

  /** Pieces between marks; at most {@code limit} cuts, counted from the right or the left. */
  List<Object> at(String mark, long limit, boolean right) {
    requireText(mark);
    List<Object> parts = new ArrayList<>();
    if (right) {
      int to = text.length();
      int at = Search.last(rendering, text, mark, text.length());
      while (at >= 0 && parts.size() < limit) {
        add(parts, text.substring(at + mark.length(), to));
        to = at;
        at = to < mark.length() ? -1 : Search.last(rendering, text, mark, to);
      }
      add(parts, text.substring(0, to));
      return parts.reversed().stream().toList();
    }
    int from = 0;
    for (int at = Search.first(rendering, text, mark, 0);
        at >= 0 && parts.size() < limit;
        at = Search.first(rendering, text, mark, from)) {
      add(parts, text.substring(from, at));
      from = at + mark.length();
    }
    add(parts, text.substring(from));
    return parts;
  }

  private void add(List<Object> parts, String part) {
    rendering.made(part.length() + 48);
    rendering.step();
    parts.add(part);
  }

  /** Pieces between white space. */
  List<Object> words(long limit, boolean right) {
    List<Object> words = new ArrayList<>();
    int from = 0;
    int to = text.length();
    while (true) {
      while (from < to && PythonCharacters.isSpace(text.charAt(right ? to - 1 : from))) {
        from += right ? 0 : 1;
        to -= right ? 1 : 0;
      }
      if (from >= to) {
        break;
      }
      if (words.size() >= limit) {
        add(words, text.substring(from, to));
        break;
      }
      int edge = right ? to : from;
      while (right ? edge > from : edge < to) {
        if (PythonCharacters.isSpace(text.charAt(right ? edge - 1 : edge))) {
          break;
        }
        edge += right ? -1 : 1;
      }
      add(words, right ? text.substring(edge, to) : text.substring(from, edge));
      if (right) {
        to = edge;
      } else {
        from = edge;
      }
    }
    return right ? words.reversed().stream().toList() : words;
  }

  /** Lines as {@code splitlines} cuts them. */
  static List<Object> lines(Rendering rendering, String text, boolean keepEnds) {
    List<Object> lines = new ArrayList<>();
    int from = 0;
    int i = 0;
    while (i < text.length()) {
      if (!PythonCharacters.isLineBreak(text.charAt(i))) {
        i++;
        continue;
      }
      int end = i;
      i += text.startsWith("\r\n", i) ? 2 : 1;
      rendering.made(end - from + 48L);
      rendering.step();
      lines.add(text.substring(from, keepEnds ? i : end));
      from = i;
    }
    if (from < text.length()) {
      rendering.text(text.length() - from);
      lines.add(text.substring(from));
    }
    return lines;
  }

  /** What stands before a mark, the mark, and what stands behind it. */
  Object partition(String mark, boolean right) {
    requireText(mark);
    rendering.text(text.length());
    int at =
        right
            ? Search.last(rendering, text, mark, text.length())
            : Search.first(rendering, text, mark, 0);
    if (at < 0) {
      return right
          ? new SequenceValue.TupleValue("", "", text)
          : new SequenceValue.TupleValue(text, "", "");
    }
    return new SequenceValue.TupleValue(
        text.substring(0, at), mark, text.substring(at + mark.length()));
  }

  private void requireText(String mark) {
    if (mark.isEmpty()) {
      throw rendering.error("empty separator");
    }
  }
}
