package dev.finch.engine.calls;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the value of one parameter that stands between tags, and says it as a member of an object.
 * The line's ends beside the tags belong to neither. Not thread-safe.
 */
final class ParameterValue {

  private static final Set<String> TEXT = Set.of("string");

  private final List<String> ends;
  private final int longestEnd;
  private final String key;
  private final boolean first;
  private final StringBuilder value = new StringBuilder();
  private Set<String> types;
  private boolean begun;

  /**
   * @param ends what ends a value: its own tag, or the next one where that was forgotten; all end
   *     with {@code >} or {@code =}
   * @param types as of {@link OfferedTools#types}
   * @param first whether no other member stands before it
   */
  ParameterValue(List<String> ends, String key, Set<String> types, boolean first) {
    this.ends = ends;
    // With the line's end that may stand before it.
    longestEnd = 1 + ends.stream().mapToInt(String::length).max().orElse(0);
    this.key = key;
    this.types = types;
    this.first = first;
  }

  /** Reads the next character; gives what ended the value, or null where it goes on. */
  @Nullable String read(char c, CallSink sink) {
    value.append(c);
    if (c == '>' || c == '=') {
      for (String end : ends) {
        int from = value.length() - end.length();
        if (from >= 0 && value.indexOf(end, from) == from) {
          value.setLength(from);
          end(sink);
          return end;
        }
      }
    }
    if (value.length() > CallSink.MOST_HELD) {
      types = TEXT;
    }
    if (types.equals(TEXT)) {
      say(releasable(), sink);
    }
    return null;
  }

  /** How much of the value cannot belong to its end. */
  private int releasable() {
    int from = Math.max(0, value.length() - longestEnd);
    for (int at = from; at < value.length(); at++) {
      char c = value.charAt(at);
      if ((c == '\n' || c == '<') && mayEnd(value.substring(at))) {
        return at;
      }
    }
    return value.length();
  }

  private boolean mayEnd(String rest) {
    return ends.stream().anyMatch(end -> end.startsWith(rest) || ("\n" + end).startsWith(rest));
  }

  private void end(CallSink sink) {
    int last = value.length() - 1;
    if (last >= 0 && value.charAt(last) == '\n') {
      value.setLength(last);
    }
    if (types.equals(TEXT)) {
      say(value.length(), sink);
      begin(sink, "\"");
      sink.argue('"');
    } else {
      String text = value.indexOf("\n") == 0 ? value.substring(1) : value.toString();
      begin(sink, typed(text));
    }
  }

  /** The key, and what follows it, where that has not been said. */
  private void begin(CallSink sink, String next) {
    if (!begun) {
      begun = true;
      sink.argue((first ? "" : ", ") + JsonValues.quoted(key) + ": " + next);
    }
  }

  /** Says so much of a text. */
  private void say(int length, CallSink sink) {
    if (length == 0) {
      return;
    }
    StringBuilder safe = new StringBuilder();
    for (int i = !begun && value.charAt(0) == '\n' ? 1 : 0; i < length; i++) {
      JsonValues.escape(value.charAt(i), safe);
    }
    begin(sink, "\"");
    value.delete(0, length);
    sink.argue(safe);
  }

  /** What a text stands for, as JSON. */
  private String typed(String text) {
    String plain = text.strip();
    JsonNode json = JsonValues.parse(plain.isEmpty() ? "\"\"" : plain);
    String python = json == null ? PythonLiteral.json(plain) : plain;
    JsonNode read = json == null && python != null ? JsonValues.parse(python) : json;
    if (python == null || read == null || read.isTextual() || !takes(read)) {
      return JsonValues.quoted(text);
    }
    return python;
  }

  private boolean takes(JsonNode json) {
    String type = OfferedTools.typeOf(json);
    return types.isEmpty()
        || types.contains(type)
        || (type.equals("integer") && types.contains("number"))
        || !types.contains("string");
  }
}
