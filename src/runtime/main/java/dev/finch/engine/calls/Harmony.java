package dev.finch.engine.calls;

import dev.finch.inference.AnswerEvent.Content;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers of messages with channels, as gpt-oss writes them: what goes to the channel {@code
 * analysis} is thought, what is addressed to a function is a call, all else is text. The format is
 * described in OpenAI's cookbook, "OpenAI harmony response format". The prompt has written {@code
 * <|start|>assistant}; an answer without any channel is text. Not thread-safe.
 */
final class Harmony implements AnswerParser {

  private static final String START = "<|start|>";
  private static final String END = "<|end|>";
  private static final String MESSAGE = "<|message|>";
  private static final String CHANNEL = "<|channel|>";
  private static final String CONSTRAIN = "<|constrain|>";
  private static final String CALL = "<|call|>";
  private static final String RETURN = "<|return|>";

  static final Set<String> MARKS = Set.of(START, END, MESSAGE, CHANNEL, CONSTRAIN, CALL, RETURN);

  private static final Pattern RECIPIENT = Pattern.compile("(?:^|\\s|>)to=([^\\s<]{1,256})");
  private static final Pattern ANALYSIS = Pattern.compile("<\\|channel\\|>\\s*analysis");
  private static final String ADDRESS = "to=";
  private static final int LONGEST_HEADER = 512;

  private enum State {
    HEADER,
    TEXT,
    THOUGHT,
    ARGUMENTS,
    BEHIND_ARGUMENTS,
    BETWEEN
  }

  private final OfferedTools tools;
  private final boolean calling;
  private final CallSink sink;
  private final StringBuilder pending = new StringBuilder();
  private final StringBuilder header = new StringBuilder();
  private State state = State.HEADER;
  private boolean marked;
  private String recipient = "";
  private @Nullable ArgumentsReader arguments;

  /**
   * @param calling whether anything can be a call
   */
  Harmony(OfferedTools tools, boolean calling, CallSink sink) {
    this.tools = tools;
    this.calling = calling;
    this.sink = sink;
  }

  @Override
  public List<Content> add(CharSequence piece) {
    for (int i = 0; i < piece.length() && !sink.done(); i++) {
      pending.append(piece.charAt(i));
      settle();
    }
    return sink.taken();
  }

  @Override
  public List<Content> finish() {
    while (!pending.isEmpty()) {
      character(first());
    }
    sayUnmarked();
    sink.held().chars().forEach(c -> sink.say((char) c));
    sink.commit();
    return sink.taken();
  }

  @Override
  public void dropHalfCall() {
    boolean addressed =
        state == State.HEADER && header.toString().stripLeading().startsWith(ADDRESS);
    if (addressed || state == State.ARGUMENTS) {
      header.setLength(0);
      sink.commit();
      pending.setLength(0);
    } else if (pending.length() > 1 || state == State.BEHIND_ARGUMENTS) {
      pending.setLength(0);
    }
  }

  @Override
  public int undecided() {
    int headed = state == State.HEADER && !marked ? header.length() : 0;
    return pending.length() + headed + sink.held().length();
  }

  /** What began like a header, and is none where no mark came. */
  private void sayUnmarked() {
    if (state == State.HEADER && !marked) {
      header.chars().forEach(c -> sink.say((char) c));
    }
  }

  private char first() {
    char first = pending.charAt(0);
    pending.deleteCharAt(0);
    return first;
  }

  private void settle() {
    while (!pending.isEmpty()) {
      if (pending.charAt(0) == '<') {
        String rest = pending.toString();
        if (MARKS.contains(rest)) {
          pending.setLength(0);
          mark(rest);
          return;
        }
        if (MARKS.stream().anyMatch(mark -> mark.startsWith(rest))) {
          return;
        }
      }
      character(first());
    }
  }

  private void mark(String mark) {
    switch (mark) {
      case START -> header("");
      case CHANNEL -> {
        if (state == State.HEADER) {
          header.append(mark);
          marked = true;
        } else {
          header(mark);
        }
      }
      case MESSAGE -> message();
      case CONSTRAIN -> {
        if (state == State.HEADER) {
          header.append(' ');
        } else {
          say(mark);
        }
      }
      default -> {
        leave();
        sayUnmarked();
        header.setLength(0);
        state = State.BETWEEN;
      }
    }
  }

  /** A message begins with this. */
  private void header(String beginning) {
    leave();
    sayUnmarked();
    header.setLength(0);
    header.append(beginning);
    marked = true;
    state = State.HEADER;
  }

  private void message() {
    if (state != State.HEADER) {
      say(MESSAGE);
      return;
    }
    Matcher addressed = RECIPIENT.matcher(header);
    String meant = calling && addressed.find() ? tools.named(addressed.group(1), false) : null;
    if (meant != null && !meant.equals("assistant") && !meant.equals("user")) {
      recipient = meant;
      arguments = new ArgumentsReader(tools, meant);
      state = State.ARGUMENTS;
    } else {
      state = ANALYSIS.matcher(header).find() ? State.THOUGHT : State.TEXT;
    }
    header.setLength(0);
  }

  private void character(char c) {
    switch (state) {
      case HEADER -> header(c);
      case TEXT -> sink.say(c);
      case THOUGHT -> sink.think(c);
      case ARGUMENTS -> argument(c);
      case BEHIND_ARGUMENTS -> {
        if (!CharacterKinds.isBlank(c)) {
          sink.say(c);
        }
      }
      case BETWEEN -> {
        state = State.TEXT;
        sink.say(c);
      }
    }
  }

  private void header(char c) {
    header.append(c);
    boolean open = marked || ADDRESS.startsWith(cut(header.toString().stripLeading()));
    if (!open || header.length() > LONGEST_HEADER) {
      header.chars().forEach(each -> sink.say((char) each));
      header.setLength(0);
      state = State.TEXT;
    }
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(ADDRESS.length(), text.length()));
  }

  private void argument(char c) {
    ArgumentsReader current = arguments;
    sink.held().append(c);
    Verdict verdict =
        current == null || sink.held().length() > CallSink.MOST_HELD
            ? Verdict.REFUSED
            : current.read(c, sink);
    switch (verdict) {
      case TAKEN -> {}
      case ENDED -> state = State.BEHIND_ARGUMENTS;
      case PASSED -> {
        state = State.BEHIND_ARGUMENTS;
        sink.commit();
        character(c);
      }
      case REFUSED -> {
        state = State.TEXT;
        sayHeld();
      }
    }
  }

  private void sayHeld() {
    String held = sink.held().toString();
    sink.commit();
    say(held);
  }

  private void say(String text) {
    text.chars().forEach(c -> character((char) c));
  }

  /** The message is over. */
  private void leave() {
    if (state == State.ARGUMENTS && sink.held().toString().isBlank()) {
      // Nothing came where it had not begun; else its arguments broke off.
      if (!begunHere()) {
        sink.call(recipient, "{}");
      }
    } else if (state == State.ARGUMENTS) {
      state = State.TEXT;
      sayHeld();
    }
  }

  private boolean begunHere() {
    return arguments != null && arguments.begun();
  }
}
