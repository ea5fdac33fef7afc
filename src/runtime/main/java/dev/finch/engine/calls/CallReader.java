package dev.finch.engine.calls;

/**
 * Reads the calls of one shape, a character at a time, from behind the mark that they begin with.
 * It tells the sink what it understood; what it took since it last told anything is held, and turns
 * into text where it refuses the next character. Takes the same time for every character but those
 * that end a value. Not thread-safe.
 */
sealed interface CallReader
    permits BareCalls,
        JsonCalls,
        KeyedCalls,
        MarkedCalls,
        MistralCalls,
        NamedCalls,
        ParameterCalls,
        PythonCalls,
        RecipientCalls {

  /** Reads the next character. Never {@link Verdict#PASSED}. */
  Verdict read(char c, CallSink sink);

  /**
   * How many of the characters it took last may begin something else, where it refuses the next:
   * they are read again as text. The others were looked at for good.
   */
  int tail();

  /** Whether what it has read can hardly be meant as anything but a call: a tool's name came. */
  default boolean means() {
    return false;
  }

  /** Whether what it holds at the end of an answer is only the end of a call. */
  default boolean closes(CharSequence held) {
    return false;
  }
}
