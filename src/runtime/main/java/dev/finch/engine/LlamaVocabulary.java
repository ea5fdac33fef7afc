package dev.finch.engine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.finch.engine.grammar.Vocabulary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a loaded model and their texts. {@link #tokenize} and {@link #texts} may be called
 * by any thread, the rest by the one that owns the model.
 */
final class LlamaVocabulary {

  private static final int USUAL_PIECE = 256;

  private final B4916Vocabulary functions;
  private final MemorySegment handle;
  private final MemorySegment usualPiece = Arena.ofAuto().allocate(USUAL_PIECE);

  LlamaVocabulary(B4916Vocabulary functions, MemorySegment handle) {
    this.functions = functions;
    this.handle = handle;
  }

  MemorySegment handle() {
    return handle;
  }

  int size() {
    return functions.vocabularySize(handle);
  }

  /** What llama.cpp makes of the text, on this thread and its stack. */
  int[] tokenize(String text, boolean addSpecial, boolean parseSpecial) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment source = scratch.allocate(bytes.length + 1L);
      MemorySegment.copy(bytes, 0, source, JAVA_BYTE, 0, bytes.length);
      int capacity = bytes.length + 8;
      MemorySegment target = scratch.allocate(JAVA_INT, capacity);
      int count = tokenize(source, bytes.length, target, capacity, addSpecial, parseSpecial);
      if (count < 0) {
        target = scratch.allocate(JAVA_INT, -count);
        count = tokenize(source, bytes.length, target, -count, addSpecial, parseSpecial);
      }
      return target.asSlice(0, count * JAVA_INT.byteSize()).toArray(JAVA_INT);
    }
  }

  private int tokenize(
      MemorySegment source,
      int length,
      MemorySegment target,
      int capacity,
      boolean addSpecial,
      boolean parseSpecial) {
    return functions.tokenize(handle, source, length, target, capacity, addSpecial, parseSpecial);
  }

  /**
   * The bytes of a token's text.
   *
   * @param controls whether control tokens have a text too
   */
  byte[] piece(int token, boolean controls) {
    return piece(token, controls, usualPiece);
  }

  /** The texts of all tokens, those of control tokens included. Any thread may ask. */
  Vocabulary texts() {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment usual = scratch.allocate(USUAL_PIECE);
      return new Vocabulary(size(), token -> piece(token, true, usual));
    }
  }

  private byte[] piece(int token, boolean controls, MemorySegment usual) {
    int length = functions.piece(handle, token, usual, USUAL_PIECE, 0, controls);
    if (length >= 0) {
      return usual.asSlice(0, length).toArray(JAVA_BYTE);
    }
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment larger = scratch.allocate(-length);
      int written = functions.piece(handle, token, larger, -length, 0, controls);
      return larger.asSlice(0, written).toArray(JAVA_BYTE);
    }
  }

  /** What kind of token it is, in llama.cpp's bits. */
  int attributes(int token) {
    return functions.attributes(handle, token);
  }

  /** A token's text as the vocabulary spells it. */
  String spelling(int token) {
    return B4916Structs.string(functions.text(handle, token));
  }

  /** Bytes of the longest text that one token stands for. */
  int longestPiece() {
    int longest = 1;
    int size = size();
    for (int token = 0; token < size; token++) {
      int length = functions.piece(handle, token, MemorySegment.NULL, 0, 0, true);
      longest = Math.max(longest, Math.abs(length));
    }
    return longest;
  }

  /** Whether a whole text ends with {@link #endToken} by itself. */
  boolean addsEnd() {
    return functions.addsEnd(handle) && endToken() >= 0;
  }

  int endToken() {
    return functions.end(handle);
  }

  boolean endsGeneration(int token) {
    return functions.endsGeneration(handle, token);
  }

  /** As {@link Engine#controlTexts}. */
  Set<String> controlTexts() {
    Set<String> texts = new HashSet<>();
    int size = size();
    for (int token = 0; token < size; token++) {
      if (functions.isControl(handle, token)) {
        texts.add(text(token));
      }
    }
    return texts;
  }

  /** The text before the first token, empty where there is none. */
  String beginning() {
    return text(functions.beginning(handle));
  }

  /** The text after the last token, empty where there is none. */
  String end() {
    return text(functions.end(handle));
  }

  private String text(int token) {
    return token < 0 ? "" : new String(piece(token, true), StandardCharsets.UTF_8);
  }

  /** As {@link Engine#infillTokens}. */
  @Nullable InfillTokens infill() {
    int prefix = functions.infillPrefix(handle);
    int suffix = functions.infillSuffix(handle);
    int middle = functions.infillMiddle(handle);
    return prefix < 0 || suffix < 0 || middle < 0 ? null : new InfillTokens(prefix, suffix, middle);
  }
}
