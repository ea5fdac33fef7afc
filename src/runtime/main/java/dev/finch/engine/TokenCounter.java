package dev.finch.engine;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Counts a prompt's tokens while they are made, so that nothing more is done for a prompt that is
 * not wanted any more or cannot fit. One thread counts; any may cancel.
 */
final class TokenCounter {

  /** Up to this many characters are counted to the end, so that a refusal knows the number. */
  static final int COUNTED_WHOLE = 1 << 18;

  /** More tokens than may be. */
  static final class Exceeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** About how many tokens the whole text has, by what was counted of it. */
    final long estimate;

    private Exceeded(long estimate) {
      super("about " + estimate + " tokens", null, false, false);
      this.estimate = estimate;
    }
  }

  private final long most;
  private final @Nullable TokenCounter whole;
  private long characters;
  private long done;
  private long tokens;
  private volatile boolean cancelled;

  private TokenCounter(long most, @Nullable TokenCounter whole) {
    this.most = most;
    this.whole = whole;
  }

  /** Counts as far as there is text. */
  static TokenCounter whole() {
    return new TokenCounter(Long.MAX_VALUE, null);
  }

  /** Stops a long text beyond this many tokens. */
  static TokenCounter upTo(long most) {
    return new TokenCounter(most, null);
  }

  /** Counts a part of what this one counts, which is cancelled with the whole. */
  TokenCounter part(long most) {
    return new TokenCounter(most, this);
  }

  /** Whoever counts is to stop. */
  void cancel() {
    cancelled = true;
  }

  /**
   * Goes on only where somebody still wants it.
   *
   * @throws CancellationException where nobody does
   */
  void requireWanted() {
    if (cancelled) {
      throw new CancellationException();
    }
    if (whole != null) {
      whole.requireWanted();
    }
  }

  /**
   * A text is to be counted.
   *
   * @param longest the most bytes that one token stands for, 0 where that is not known
   * @throws Exceeded where the text cannot have as few tokens as are allowed
   */
  void expect(long characters, long bytes, int longest) {
    this.characters += characters;
    if (longest > 0 && this.characters > COUNTED_WHOLE && bytes / longest > most) {
      throw new Exceeded(Math.max(bytes / longest, bytes / 4));
    }
  }

  /** Some characters have become tokens. */
  void add(long characters, int tokens) {
    requireWanted();
    done += characters;
    this.tokens += tokens;
    if (this.tokens > most && this.characters > COUNTED_WHOLE) {
      throw new Exceeded(Math.max(this.tokens, this.tokens * this.characters / Math.max(1, done)));
    }
  }
}
