package dev.finch.engine;

import static dev.finch.engine.B4916Structs.TOKEN_DATA;
import static dev.finch.engine.B4916Structs.TOKEN_DATA_ARRAY;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.IntPredicate;

/** The tokens that may come next, as samplers take them; one for all samplers of a thread. */
final class LlamaCandidates {

  private static final long ID = B4916Structs.offset(TOKEN_DATA, "id");
  private static final long LOGIT = B4916Structs.offset(TOKEN_DATA, "logit");
  private static final long PROBABILITY = B4916Structs.offset(TOKEN_DATA, "p");

  private final MemorySegment array;
  private final MemorySegment tokens;
  private final int vocabularySize;

  LlamaCandidates(Arena arena, int vocabularySize) {
    this.vocabularySize = vocabularySize;
    array = arena.allocate(TOKEN_DATA_ARRAY);
    tokens = arena.allocate(TOKEN_DATA, vocabularySize);
  }

  /** All tokens with these logits; the result is valid until the next call. */
  MemorySegment all(MemorySegment logits) {
    for (int token = 0; token < vocabularySize; token++) {
      long at = token * TOKEN_DATA.byteSize();
      tokens.set(JAVA_INT, at + ID, token);
      tokens.set(JAVA_FLOAT, at + LOGIT, logits.getAtIndex(JAVA_FLOAT, token));
      tokens.set(JAVA_FLOAT, at + PROBABILITY, 0);
    }
    return array(vocabularySize);
  }

  /** Rules all others out of what {@link #all} gave. */
  void keep(IntPredicate allowed) {
    for (int token = 0; token < vocabularySize; token++) {
      if (!allowed.test(token)) {
        tokens.set(JAVA_FLOAT, token * TOKEN_DATA.byteSize() + LOGIT, Float.NEGATIVE_INFINITY);
      }
    }
  }

  private MemorySegment array(int size) {
    array.set(ADDRESS, B4916Structs.offset(TOKEN_DATA_ARRAY, "data"), tokens);
    array.set(JAVA_LONG, B4916Structs.offset(TOKEN_DATA_ARRAY, "size"), size);
    array.set(JAVA_LONG, B4916Structs.offset(TOKEN_DATA_ARRAY, "selected"), -1);
    array.set(JAVA_BOOLEAN, B4916Structs.offset(TOKEN_DATA_ARRAY, "sorted"), false);
    return array;
  }

  /** The token that a sampler has selected. */
  int selected() {
    long index = array.get(JAVA_LONG, B4916Structs.offset(TOKEN_DATA_ARRAY, "selected"));
    return tokens.get(JAVA_INT, index * TOKEN_DATA.byteSize() + ID);
  }

  /** What a sampler has left of a token's logit. */
  float logit(int token) {
    return tokens.get(JAVA_FLOAT, token * TOKEN_DATA.byteSize() + LOGIT);
  }
}
