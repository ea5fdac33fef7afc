package dev.finch.engine.calls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads calls of offered tools that no mark announces, at the beginning of a line: objects, Python
 * in a list, or a name with an object. Not thread-safe.
 */
final class BareCalls implements CallReader {

  private final OfferedTools tools;
  private @Nullable CallReader chosen;

  BareCalls(OfferedTools tools) {
    this.tools = tools;
  }

  /** Whether a call may begin so. */
  static boolean mayBegin(OfferedTools tools, char c) {
    return c == '{' || c == '[' || c == '`' || tools.mayBegin(String.valueOf(c));
  }

  @Override
  public Verdict read(char c, CallSink sink) {
    CallReader reader = chosen;
    if (reader == null) {
      reader =
          CharacterKinds.isName(c)
              ? new KeyedCalls(tools, null)
              : new PythonCalls(tools, true, List.of());
      chosen = reader;
    }
    return reader.read(c, sink);
  }

  @Override
  public int tail() {
    return chosen == null ? 0 : chosen.tail();
  }

  @Override
  public boolean means() {
    return chosen != null && chosen.means();
  }

  @Override
  public boolean closes(CharSequence held) {
    return chosen != null && chosen.closes(held);
  }
}
