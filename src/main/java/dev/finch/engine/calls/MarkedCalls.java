package dev.finch.engine.calls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what stands behind a mark that several shapes share, by what comes first: JSON, or a
 * function with its parameters as tags. Not thread-safe.
 */
final class MarkedCalls implements CallReader {

  private static final String FUNCTION = "<function=";

  private final OfferedTools tools;
  private final boolean strict;
  private final String close;
  private final Words function = new Words(List.of(FUNCTION));
  private @Nullable CallReader chosen;

  /**
   * @param strict as of {@link JsonCalls}
   * @param close the mark behind the calls
   */
  MarkedCalls(OfferedTools tools, boolean strict, String close) {
    this.tools = tools;
    this.strict = strict;
    this.close = close;
  }

  @Override
  public Verdict read(char c, CallSink sink) {
    CallReader reader = chosen;
    if (reader != null) {
      return reader.read(c, sink);
    }
    if (function.length() > 0 || c == '<') {
      return function(c);
    }
    if (Characters.isBlank(c)) {
      return Verdict.TAKEN;
    }
    chosen = new JsonCalls(tools, strict, List.of(close));
    return chosen.read(c, sink);
  }

  private Verdict function(char c) {
    if (!function.take(c)) {
      return Verdict.REFUSED;
    }
    if (function.complete() != null) {
      chosen = new ParameterCalls(tools, close);
    }
    return Verdict.TAKEN;
  }

  @Override
  public int tail() {
    return chosen == null ? function.length() : chosen.tail();
  }

  @Override
  public boolean closes(CharSequence held) {
    return chosen != null && chosen.closes(held);
  }
}
