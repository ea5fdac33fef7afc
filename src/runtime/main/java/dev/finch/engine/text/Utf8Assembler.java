package dev.finch.engine.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Turns the bytes of tokens into whole code points. A token may end inside a code point; its bytes
 * are held back until the rest has come. Bytes that are not UTF-8 become U+FFFD, as in {@code new
 * String(bytes, UTF_8)}. Not thread-safe.
 */
public final class Utf8Assembler {

  private static final byte[] NOTHING = {};

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private byte[] pending = NOTHING;

  /** The code points that these bytes complete; may be empty. */
  public String add(byte[] bytes) {
    return decode(bytes, false);
  }

  /** What is left at the end of the answer: nothing, or U+FFFD for a code point cut short. */
  public String finish() {
    String rest = decode(NOTHING, true);
    decoder.reset();
    return rest;
  }

  /** How many bytes wait for the rest of their code point. */
  public int held() {
    return pending.length;
  }

  private String decode(byte[] bytes, boolean end) {
    ByteBuffer in = ByteBuffer.allocate(pending.length + bytes.length);
    in.put(pending).put(bytes).flip();
    // One byte never becomes more than one char.
    CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
    decoder.decode(in, out, end);
    pending = new byte[in.remaining()];
    in.get(pending);
    return out.flip().toString();
  }
}
