package dev.finch.engine.grammar;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What must not come again in the JSON of an answer: items of an array, names of an object. A
 * grammar cannot say it of values without number, so it is followed beside the grammar, a byte at a
 * time. What is no JSON around it does not matter. Immutable.
 */
final class DistinctParts {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /** Before an answer. */
  static final DistinctParts NOTHING = new DistinctParts(null, null, Within.NOTHING, 0);

  private enum Within {
    NOTHING,
    STRING,
    ESCAPE,

    /** A number, true, false or null. */
    WORD
  }

  /** Bytes, the last first. */
  private record Text(@Nullable Text before, byte last, int length) {}

  /**
   * Parts that have been, the last first.
   *
   * @param hash of the part as it was written
   */
  private record Seen(@Nullable Seen before, String part, int hash) {

    static boolean holds(@Nullable Seen seen, String part) {
      for (Seen at = seen; at != null; at = at.before()) {
        if (at.part().equals(part)) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * An array or object that is open.
   *
   * @param begin how long the text was before the part that is being written; -1 between parts
   * @param named whether the name of the member that is being written is complete
   */
  private record Frame(
      @Nullable Frame outer,
      boolean object,
      boolean distinct,
      @Nullable Seen seen,
      int begin,
      boolean named) {

    Frame at(int begin, boolean named) {
      return new Frame(outer, object, distinct, seen, begin, named);
    }

    Frame having(String part, int hash, boolean named) {
      return new Frame(outer, object, distinct, new Seen(seen, part, hash), -1, named);
    }
  }

  private final @Nullable Frame frame;
  private final @Nullable Text text;
  private final Within within;

  /** Of what is written of a string or word. */
  private final int hash;

  private DistinctParts(@Nullable Frame frame, @Nullable Text text, Within within, int hash) {
    this.frame = frame;
    this.text = text;
    this.within = within;
    this.hash = hash;
  }

  /** Whether what is being written would come again if it ended here; a string by its hash. */
  boolean wouldRepeat() {
    if (frame == null || frame.begin() < 0 || within == Within.NOTHING) {
      return false;
    }
    if (within == Within.WORD) {
      return frame.seen() != null && Seen.holds(frame.seen(), canonical(text, frame.begin()));
    }
    int whole = 31 * hash + '"';
    for (Seen at = frame.seen(); at != null; at = at.before()) {
      if (at.hash() == whole) {
        return true;
      }
    }
    return false;
  }

  /** Whether it stands within a part that may come to be one that was there, and in no string. */
  boolean mayRepeatAround() {
    if (within == Within.STRING || within == Within.ESCAPE) {
      return false;
    }
    for (Frame at = frame; at != null; at = at.outer()) {
      if (at.begin() >= 0 && at.seen() != null) {
        return true;
      }
    }
    return false;
  }

  private int length() {
    return text == null ? 0 : text.length();
  }

  /**
   * One byte on.
   *
   * @param distinct whether it begins a list whose parts must be different
   * @return null where a part would come again
   */
  @Nullable DistinctParts after(byte next, boolean distinct) {
    Frame in = frame;
    if (in == null) {
      // What stands outside need not be JSON.
      return distinct ? begun(null, next, true, new Text(null, next, 1)) : NOTHING;
    }
    Text more = new Text(text, next, length() + 1);
    return switch (within) {
      case ESCAPE -> new DistinctParts(in, more, Within.STRING, 31 * hash + next);
      case STRING -> inString(in, next, more);
      case WORD -> {
        if (isPlain(next)) {
          yield new DistinctParts(in, more, Within.WORD, 31 * hash + next);
        }
        Frame done = completed(in, text, hash);
        yield done == null ? null : between(done, next, more, distinct);
      }
      case NOTHING -> between(in, next, more, distinct);
    };
  }

  private static DistinctParts begun(@Nullable Frame in, byte next, boolean distinct, Text more) {
    Frame inner = new Frame(in, next == '{', distinct, null, -1, false);
    return new DistinctParts(inner, more, Within.NOTHING, 0);
  }

  private static boolean isPlain(byte next) {
    return next > ' ' && ",]}[{\":".indexOf(next) < 0;
  }

  private @Nullable DistinctParts inString(Frame in, byte next, Text more) {
    if (next != '"') {
      Within then = next == '\\' ? Within.ESCAPE : Within.STRING;
      return new DistinctParts(in, more, then, 31 * hash + next);
    }
    Frame done = completed(in, more, 31 * hash + next);
    return done == null ? null : new DistinctParts(done, more, Within.NOTHING, 0);
  }

  private @Nullable DistinctParts between(Frame in, byte next, Text more, boolean distinct) {
    return switch (next) {
      case '[', '{' -> begun(withPart(in), next, distinct, more);
      case ']', '}' -> closed(in, more);
      case ',' -> new DistinctParts(in.at(-1, false), more, Within.NOTHING, 0);
      case '"' -> new DistinctParts(withPart(in), more, Within.STRING, next);
      default ->
          isPlain(next)
              ? new DistinctParts(withPart(in), more, Within.WORD, next)
              : new DistinctParts(in, more, Within.NOTHING, 0);
    };
  }

  /** With the beginning of a part kept where parts must be different. */
  private Frame withPart(Frame in) {
    return in.distinct() && in.begin() < 0 && !in.named() ? in.at(length(), false) : in;
  }

  private static @Nullable DistinctParts closed(Frame in, Text more) {
    Frame outer = in.outer();
    if (outer == null) {
      return NOTHING;
    }
    Frame done = completed(outer, more, 0);
    return done == null ? null : new DistinctParts(done, more, Within.NOTHING, 0);
  }

  /** The list with the part that ends here, or null where it has it already. */
  private static @Nullable Frame completed(Frame in, @Nullable Text until, int hash) {
    if (!in.distinct() || in.begin() < 0) {
      return in;
    }
    String part = canonical(until, in.begin());
    return Seen.holds(in.seen(), part) ? null : in.having(part, hash, in.object());
  }

  private static String canonical(@Nullable Text until, int begin) {
    byte[] bytes = new byte[until == null ? 0 : until.length() - begin];
    Text at = until;
    for (int i = bytes.length - 1; i >= 0 && at != null; i--) {
      bytes[i] = at.last();
      at = at.before();
    }
    String json = new String(bytes, StandardCharsets.UTF_8);
    try {
      return JsonLiterals.canonical(MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      return json;
    }
  }
}
