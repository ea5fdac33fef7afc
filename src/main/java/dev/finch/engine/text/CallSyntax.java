package dev.finch.engine.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands around the JSON object of a tool call.
 *
 * @param mark what a call begins with, or null where it can only be the whole answer
 * @param end what stands behind the last brace of a call, as far as the model keeps to its format
 * @param next what stands behind the last brace where another call follows at once, or null
 */
@SuppressWarnings("JdkObsolete") // hitEnd: whether more text could make it a match
record CallSyntax(@Nullable String mark, Pattern end, @Nullable Pattern next) {

  private static final Pattern PYTHON_TAG =
      Pattern.compile("\\s*(?:<\\|python_tag\\|>\\s*)?(?=\\{)");

  /**
   * Where a call may begin.
   *
   * @param from the text before it
   * @param to behind its mark
   * @param complete whether the mark is all there
   */
  record Opening(int from, int to, boolean complete) {}

  /**
   * What follows the arguments of a call.
   *
   * @param length characters that belong to the call
   * @param another whether another call follows
   */
  record Tail(int length, boolean another) {}

  static CallSyntax of(ToolFormat format) {
    return switch (format) {
      case HERMES ->
          new CallSyntax("<tool_call>", Pattern.compile("\\s*\\}(?:\\s*</tool_call>)?"), null);
      case MISTRAL ->
          new CallSyntax(
              "[TOOL_CALLS]",
              Pattern.compile("\\s*(?:,\\s*\"id\"\\s*:\\s*\"[^\"]*\"\\s*)?\\}(?:\\s*\\])?"),
              Pattern.compile("\\s*(?:,\\s*\"id\"\\s*:\\s*\"[^\"]*\"\\s*)?\\}\\s*,(?=\\s*\\{)"));
      case LLAMA3 ->
          new CallSyntax(
              null, Pattern.compile("\\s*\\}"), Pattern.compile("\\s*\\}\\s*;(?=\\s*\\{)"));
    };
  }

  /** Where a call begins in a text, or may begin when more of it has come. */
  Opening opening(CharSequence text, boolean atTheBeginning) {
    String all = text.toString();
    if (mark == null) {
      return wholeAnswer(all, atTheBeginning);
    }
    int at = all.indexOf(mark);
    if (at >= 0) {
      Matcher bracket =
          Pattern.compile("\\s*\\[").matcher(all).region(at + mark.length(), all.length());
      boolean list = next != null;
      boolean found = !list || bracket.lookingAt();
      boolean open = list && !found && bracket.hitEnd();
      return new Opening(at, found && list ? bracket.end() : at + mark.length(), !open);
    }
    int release = all.length() - Markers.beginningOf(mark, all);
    return new Opening(release, release, false);
  }

  private static Opening wholeAnswer(String all, boolean atTheBeginning) {
    Matcher start = PYTHON_TAG.matcher(all);
    if (!atTheBeginning) {
      return new Opening(all.length(), all.length(), false);
    }
    if (start.lookingAt()) {
      return new Opening(0, start.end(), true);
    }
    int release = start.hitEnd() ? 0 : all.length();
    return new Opening(release, release, false);
  }

  /** What follows a call's arguments; null where more of it must come first. */
  @Nullable Tail tail(CharSequence text) {
    if (next != null) {
      Matcher another = next.matcher(text);
      if (another.lookingAt()) {
        return new Tail(another.end(), true);
      }
      if (another.hitEnd()) {
        return null;
      }
    }
    Matcher last = end.matcher(text);
    if (last.lookingAt()) {
      return last.hitEnd() ? null : new Tail(last.end(), false);
    }
    return last.hitEnd() ? null : new Tail(0, false);
  }

  /** Whether this text, at the end of an answer, is nothing but the end of a call. */
  boolean isTail(CharSequence text) {
    Matcher last = Pattern.compile(end.pattern() + "\\s*").matcher(text);
    return last.matches() || text.toString().isBlank();
  }
}
