package dev.finch.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's {@code pprint.pformat}: at most 80 columns, dictionaries sorted by key. */
final class PrettyPrint {

  private static final int WIDTH = 80;

  private final Rendering rendering;
  private final StringBuilder out = new StringBuilder();

  PrettyPrint(Rendering rendering) {
    this.rendering = rendering;
  }

  String print(Object value) {
    format(value, 0, 0, 0);
    return out.toString();
  }

  private void format(Object value, int indent, int allowance, int level) {
    rendering.enter();
    String text = repr(value);
    if (text.length() > WIDTH - indent - allowance) {
      switch (value) {
        case DictValue dict when dict.size() > 0 -> dict(dict, indent, allowance, level + 1);
        case SequenceValue.ListValue list ->
            items("[", list.items(), "]", indent, allowance, level + 1);
        case SequenceValue.TupleValue tuple ->
            items(
                "(",
                tuple.items(),
                tuple.items().size() == 1 ? ",)" : ")",
                indent,
                allowance,
                level + 1);
        case String line when !line.isEmpty() -> text(line, indent, allowance, level + 1);
        default -> append(text);
      }
    } else {
      append(text);
    }
    rendering.leave();
  }

  private void append(String text) {
    rendering.text(text.length());
    out.append(text);
  }

  private void blanks(int count) {
    rendering.text(count);
    out.repeat(' ', count);
  }

  /** Like {@code repr}, with dictionaries sorted. */
  private String repr(Object value) {
    rendering.enter();
    StringBuilder text = new StringBuilder();
    switch (value) {
      case DictValue dict -> {
        text.append('{');
        for (Object item : sorted(dict)) {
          List<Object> pair = ((SequenceValue) item).items();
          text.append(text.length() > 1 ? ", " : "");
          text.append(repr(pair.getFirst())).append(": ").append(repr(pair.getLast()));
        }
        text.append('}');
      }
      case SequenceValue sequence -> {
        boolean tuple = sequence.isTuple();
        text.append(tuple ? '(' : '[');
        for (Object item : sequence.items()) {
          text.append(text.length() > 1 ? ", " : "").append(repr(item));
        }
        text.append(tuple && sequence.items().size() == 1 ? ",)" : tuple ? ")" : "]");
      }
      default -> text.append(Texts.repr(rendering, value));
    }
    rendering.text(text.length());
    rendering.leave();
    return text.toString();
  }

  /** By key; by the names of their types where keys cannot be compared. */
  private List<Object> sorted(DictValue dict) {
    rendering.list(6L * dict.size());
    List<Object> keys = dict.keys();
    boolean texts = keys.stream().allMatch(key -> Values.string(key) != null);
    boolean numbers = keys.stream().allMatch(Numbers::isNumber);
    Comparison.Key key =
        pair -> {
          Object first = ((SequenceValue) pair).items().getFirst();
          return texts || numbers ? first : Values.type(first);
        };
    return Comparison.sorted(rendering, dict.items(), key, false);
  }

  private void dict(DictValue dict, int indent, int allowance, int level) {
    append("{");
    List<Object> items = sorted(dict);
    for (int i = 0; i < items.size(); i++) {
      List<Object> pair = ((SequenceValue) items.get(i)).items();
      boolean last = i == items.size() - 1;
      String key = repr(pair.getFirst());
      append(key);
      append(": ");
      format(pair.getLast(), indent + 1 + key.length() + 2, last ? allowance + 1 : 1, level);
      if (!last) {
        append(",\n");
        blanks(indent + 1);
      }
    }
    append("}");
  }

  private void items(
      String open, List<Object> items, String close, int indent, int allowance, int level) {
    append(open);
    for (int i = 0; i < items.size(); i++) {
      boolean last = i == items.size() - 1;
      format(items.get(i), indent + 1, last ? allowance + close.length() : 1, level);
      if (!last) {
        append(",\n");
        blanks(indent + 1);
      }
    }
    append(close);
  }

  /** A text in pieces: its lines, and those that are too long by words. */
  private void text(String text, int outerIndent, int outerAllowance, int level) {
    int indent = outerIndent + (level == 1 ? 1 : 0);
    int allowance = outerAllowance + (level == 1 ? 1 : 0);
    List<Object> lines = TextSplit.lines(rendering, text, true);
    List<String> chunks = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = (String) lines.get(i);
      boolean last = i == lines.size() - 1;
      String quoted = repr(line);
      int width = WIDTH - indent - (last ? allowance : 0);
      if (quoted.length() <= width) {
        chunks.add(quoted);
      } else {
        words(line, last, WIDTH - indent, allowance, chunks);
      }
    }
    if (chunks.size() == 1) {
      append(chunks.getFirst());
      return;
    }
    append(level == 1 ? "(" : "");
    for (int i = 0; i < chunks.size(); i++) {
      if (i > 0) {
        append("\n");
        blanks(indent);
      }
      append(chunks.get(i));
    }
    append(level == 1 ? ")" : "");
  }

  private void words(String line, boolean lastLine, int width, int allowance, List<String> chunks) {
    List<String> parts = parts(line);
    String current = "";
    for (int i = 0; i < parts.size(); i++) {
      String candidate = current + parts.get(i);
      int room = width - (i == parts.size() - 1 && lastLine ? allowance : 0);
      if (repr(candidate).length() > room) {
        if (!current.isEmpty()) {
          chunks.add(repr(current));
        }
        current = parts.get(i);
      } else {
        current = candidate;
      }
    }
    if (!current.isEmpty()) {
      chunks.add(repr(current));
    }
  }

  /** Words with the white space behind them. */
  private static List<String> parts(String line) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= line.length(); i++) {
      boolean ends =
          i == line.length()
              || (PythonCharacters.isSpace(line.charAt(i - 1))
                  && !PythonCharacters.isSpace(line.charAt(i)));
      if (ends) {
        parts.add(line.substring(from, i));
        from = i;
      }
    }
    return parts;
  }
}
