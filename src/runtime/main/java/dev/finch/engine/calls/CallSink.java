package dev.finch.engine.calls;

import dev.finch.inference.AnswerEvent;
import dev.finch.inference.AnswerEvent.Content;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** Gathers what an answer holds into as few events as can be. Not thread-safe. */
final class CallSink {

  /** Characters that may be held before they are text after all. */
  static final int MOST_HELD = 1 << 20;

  private enum Kind {
    TEXT,
    THOUGHT,
    ARGUMENTS
  }

  private final Supplier<String> ids;
  private final boolean single;
  private final StringBuilder held = new StringBuilder();
  private final StringBuilder run = new StringBuilder();
  private Kind kind = Kind.TEXT;
  private int begun;
  private int ended;
  private List<Content> events = new ArrayList<>();

  CallSink(boolean single) {
    this(single, () -> "call_" + UUID.randomUUID().toString().replace("-", ""));
  }

  /**
   * @param single whether nothing counts any more once one call is whole
   */
  CallSink(boolean single, Supplier<String> ids) {
    this.single = single;
    this.ids = ids;
  }

  /** A call begins; what was held is its mark-up. */
  void begin(String name) {
    commit();
    if (!done()) {
      flush();
      events.add(new AnswerEvent.ToolCallStarted(begun, ids.get(), name));
      begun++;
    }
  }

  /** A piece of the arguments of the call that began last. */
  void argue(CharSequence fragment) {
    commit();
    if (turn(Kind.ARGUMENTS)) {
      run.append(fragment);
    }
  }

  /** As the other. */
  void argue(char c) {
    commit();
    if (turn(Kind.ARGUMENTS)) {
      run.append(c);
    }
  }

  /** The call that began last is whole. */
  void end() {
    commit();
    ended++;
  }

  /** Ends the call that began last with this; what is held since is no part of it. */
  void close(String fragment) {
    String kept = held.toString();
    argue(fragment);
    end();
    held.append(kept);
  }

  /** A whole call. */
  void call(String name, String arguments) {
    begin(name);
    argue(arguments);
    end();
  }

  /** Text of the answer. */
  void say(char c) {
    if (turn(Kind.TEXT)) {
      run.append(c);
    }
  }

  /** What the model thinks. */
  void think(char c) {
    if (turn(Kind.THOUGHT)) {
      run.append(c);
    }
  }

  /** Turns to another kind of content; false where nothing counts any more. */
  private boolean turn(Kind next) {
    if (kind != next) {
      flush();
      kind = next;
    }
    return !done();
  }

  private void flush() {
    if (!run.isEmpty()) {
      String words = run.toString();
      events.add(
          switch (kind) {
            case TEXT -> new AnswerEvent.Delta(words);
            case THOUGHT -> new AnswerEvent.Reasoning(words);
            case ARGUMENTS -> new AnswerEvent.ToolCallArguments(begun - 1, words);
          });
      run.setLength(0);
    }
  }

  /** What may be part of a call. */
  StringBuilder held() {
    return held;
  }

  /** What is held is mark-up. */
  void commit() {
    held.setLength(0);
  }

  /** How many calls have begun. */
  int begun() {
    return begun;
  }

  /** How many calls are whole. */
  int ended() {
    return ended;
  }

  /** Whether nothing counts any more. */
  boolean done() {
    return single && ended > 0;
  }

  /** The events since it was asked last. */
  List<Content> taken() {
    flush();
    List<Content> made = events;
    events = new ArrayList<>();
    return made;
  }
}
