package dev.finch.engine.calls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what Mistral's models write behind their mark: JSON, or a name and its arguments. */
final class MistralCalls implements CallReader {

  private final OfferedTools tools;
  private final NamedCalls.Marks marks;
  private @Nullable CallReader chosen;

  MistralCalls(OfferedTools tools, NamedCalls.Marks marks) {
    this.tools = tools;
    this.marks = marks;
  }

  @Override
  public Verdict read(char c, CallSink sink) {
    CallReader reader = chosen;
    if (reader == null) {
      if (CharacterKinds.isBlank(c)) {
        return Verdict.TAKEN;
      }
      reader =
          c == '[' || c == '{' || c == '`'
              ? new JsonCalls(tools, false, List.of())
              : new NamedCalls(tools, marks);
      chosen = reader;
    }
    return reader.read(c, sink);
  }

  @Override
  public int tail() {
    return chosen == null ? 0 : chosen.tail();
  }

  @Override
  public boolean closes(CharSequence held) {
    return chosen != null && chosen.closes(held);
  }
}
