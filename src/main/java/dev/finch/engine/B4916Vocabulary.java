package dev.finch.engine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** Tokens and their texts, as llama.cpp b4916 exports them. */
final class B4916Vocabulary extends NativeFunctions {

  B4916Vocabulary(SymbolLookup library) {
    super(library, LlamaB4916.NAME);
  }

  private final MethodHandle vocabularySizeFunction =
      function("llama_vocab_n_tokens", JAVA_INT, ADDRESS);

  int vocabularySize(MemorySegment vocabulary) {
    return call(() -> (int) vocabularySizeFunction.invokeExact(vocabulary));
  }

  private final MethodHandle tokenizeFunction =
      function(
          "llama_tokenize",
          JAVA_INT,
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          ADDRESS,
          JAVA_INT,
          JAVA_BOOLEAN,
          JAVA_BOOLEAN);

  int tokenize(
      MemorySegment vocabulary,
      MemorySegment text,
      int length,
      MemorySegment tokens,
      int capacity,
      boolean addSpecial,
      boolean parseSpecial) {
    return call(
        () ->
            (int)
                tokenizeFunction.invokeExact(
                    vocabulary, text, length, tokens, capacity, addSpecial, parseSpecial));
  }

  private final MethodHandle pieceFunction =
      function(
          "llama_token_to_piece",
          JAVA_INT,
          ADDRESS,
          JAVA_INT,
          ADDRESS,
          JAVA_INT,
          JAVA_INT,
          JAVA_BOOLEAN);

  int piece(
      MemorySegment vocabulary,
      int token,
      MemorySegment buffer,
      int size,
      int skippedSpaces,
      boolean special) {
    return call(
        () ->
            (int)
                pieceFunction.invokeExact(vocabulary, token, buffer, size, skippedSpaces, special));
  }

  private final MethodHandle endsGenerationFunction =
      function("llama_vocab_is_eog", JAVA_BOOLEAN, ADDRESS, JAVA_INT);

  boolean endsGeneration(MemorySegment vocabulary, int token) {
    return call(() -> (boolean) endsGenerationFunction.invokeExact(vocabulary, token));
  }

  private final MethodHandle isControlFunction =
      function("llama_vocab_is_control", JAVA_BOOLEAN, ADDRESS, JAVA_INT);

  boolean isControl(MemorySegment vocabulary, int token) {
    return call(() -> (boolean) isControlFunction.invokeExact(vocabulary, token));
  }

  private final MethodHandle beginningFunction = function("llama_vocab_bos", JAVA_INT, ADDRESS);

  int beginning(MemorySegment vocabulary) {
    return call(() -> (int) beginningFunction.invokeExact(vocabulary));
  }

  private final MethodHandle endFunction = function("llama_vocab_eos", JAVA_INT, ADDRESS);

  int end(MemorySegment vocabulary) {
    return call(() -> (int) endFunction.invokeExact(vocabulary));
  }

  private final MethodHandle infillPrefixFunction =
      function("llama_vocab_fim_pre", JAVA_INT, ADDRESS);

  int infillPrefix(MemorySegment vocabulary) {
    return call(() -> (int) infillPrefixFunction.invokeExact(vocabulary));
  }

  private final MethodHandle infillSuffixFunction =
      function("llama_vocab_fim_suf", JAVA_INT, ADDRESS);

  int infillSuffix(MemorySegment vocabulary) {
    return call(() -> (int) infillSuffixFunction.invokeExact(vocabulary));
  }

  private final MethodHandle infillMiddleFunction =
      function("llama_vocab_fim_mid", JAVA_INT, ADDRESS);

  int infillMiddle(MemorySegment vocabulary) {
    return call(() -> (int) infillMiddleFunction.invokeExact(vocabulary));
  }
}
