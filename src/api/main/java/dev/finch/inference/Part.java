package dev.finch.inference;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** A piece of a turn in its place among the others, for a provider that reads turns by pieces. */
public sealed interface Part {

  /** Text. */
  record Text(String text) implements Part {
    public Text {
      requireNonNull(text, "text");
    }
  }

  /** An image. */
  record Shown(Image image) implements Part {
    public Shown {
      requireNonNull(image, "image");
    }
  }

  /** What the assistant thought, and the signature with which its provider knows it again. */
  record Thought(String text, @Nullable String signature) implements Part {
    public Thought {
      requireNonNull(text, "text");
    }
  }

  /** What the assistant thought, which only its provider can read. */
  record Redacted(String data) implements Part {
    public Redacted {
      requireNonNull(data, "data");
    }

    /** Not the data, which no log should hold. */
    @Override
    public String toString() {
      return "Redacted[" + data.length() + " characters]";
    }
  }

  /**
   * What was said up to here may be kept for later requests.
   *
   * @param control the Messages API's {@code cache_control} as a JSON object
   */
  record CacheBreakpoint(String control) implements Part {
    public CacheBreakpoint {
      requireNonNull(control, "control");
    }
  }

  /** One of the turn's calls, in its place among the thoughts. */
  record Called(ToolCall call) implements Part {
    public Called {
      requireNonNull(call, "call");
    }
  }
}
