package dev.finch.engine.calls;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what stands behind calls: the mark that closes them, and the end of a fence of Markdown
 * where one was opened. Not thread-safe.
 */
final class CallEndReader {

  private final List<String> closers;
  private boolean fenced;
  private @Nullable TextMatcher words;

  /**
   * @param closers marks behind the calls
   */
  CallEndReader(List<String> closers) {
    this.closers = closers;
  }

  /** A fence was opened, which is to be closed, too. */
  void fenced() {
    fenced = true;
  }

  boolean isFenced() {
    return fenced;
  }

  /** Whether a mark begins so, whose reading has then begun with {@link #read}. */
  boolean begins(char c) {
    List<String> all = new ArrayList<>(closers);
    if (fenced) {
      all.add(Fence.CLOSE);
    }
    TextMatcher possible = new TextMatcher(all);
    words = possible.begins(c) ? possible : null;
    return isReading();
  }

  /** Whether a mark is begun and not complete. */
  boolean isReading() {
    return words != null;
  }

  /** Reads the next character of a mark; {@link Verdict#ENDED} where it was the calls' own. */
  Verdict read(char c, CallSink sink) {
    TextMatcher begun = words;
    if (begun == null || !begun.take(c)) {
      return Verdict.REFUSED;
    }
    String word = begun.complete();
    if (word == null) {
      return Verdict.TAKEN;
    }
    words = null;
    sink.commit();
    fenced = fenced && !word.equals(Fence.CLOSE);
    return closers.contains(word) || closers.isEmpty() ? Verdict.ENDED : Verdict.TAKEN;
  }
}
