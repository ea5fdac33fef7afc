package dev.finch.engine;

import static dev.finch.platform.NativeFunction.isTrue;
import static dev.finch.platform.NativeFunction.pointer;
import static dev.finch.platform.NativeFunction.truth;

import dev.finch.platform.NativeFunction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/** Tokens and their texts, as llama.cpp b4916 exports them. */
final class B4916Vocabulary extends NativeFunctions {

  B4916Vocabulary(SymbolLookup library) {
    super(library, LlamaB4916.NAME);
  }

  private final NativeFunction vocabularySize = plain("llama_vocab_n_tokens");

  int vocabularySize(MemorySegment vocabulary) {
    return (int) vocabularySize.call(pointer(vocabulary));
  }

  private final NativeFunction tokenize = plain("llama_tokenize");

  int tokenize(
      MemorySegment vocabulary,
      MemorySegment text,
      int length,
      MemorySegment tokens,
      int capacity,
      boolean addSpecial,
      boolean parseSpecial) {
    return (int)
        tokenize.call(
            pointer(vocabulary),
            pointer(text),
            length,
            pointer(tokens),
            capacity,
            truth(addSpecial),
            truth(parseSpecial));
  }

  private final NativeFunction piece = plain("llama_token_to_piece");

  int piece(
      MemorySegment vocabulary,
      int token,
      MemorySegment buffer,
      int size,
      int skippedSpaces,
      boolean special) {
    return (int)
        piece.call(
            pointer(vocabulary), token, pointer(buffer), size, skippedSpaces, truth(special));
  }

  private final NativeFunction endsGeneration = plain("llama_vocab_is_eog");

  boolean endsGeneration(MemorySegment vocabulary, int token) {
    return isTrue(endsGeneration.call(pointer(vocabulary), token));
  }

  private final NativeFunction isControl = plain("llama_vocab_is_control");

  boolean isControl(MemorySegment vocabulary, int token) {
    return isTrue(isControl.call(pointer(vocabulary), token));
  }

  private final NativeFunction attributes = plain("llama_vocab_get_attr");

  int attributes(MemorySegment vocabulary, int token) {
    return (int) attributes.call(pointer(vocabulary), token);
  }

  private final NativeFunction text = plain("llama_vocab_get_text");

  MemorySegment text(MemorySegment vocabulary, int token) {
    return MemorySegment.ofAddress(text.call(pointer(vocabulary), token));
  }

  private final NativeFunction addsEnd = plain("llama_vocab_get_add_eos");

  boolean addsEnd(MemorySegment vocabulary) {
    return isTrue(addsEnd.call(pointer(vocabulary)));
  }

  private final NativeFunction beginning = plain("llama_vocab_bos");

  int beginning(MemorySegment vocabulary) {
    return (int) beginning.call(pointer(vocabulary));
  }

  private final NativeFunction end = plain("llama_vocab_eos");

  int end(MemorySegment vocabulary) {
    return (int) end.call(pointer(vocabulary));
  }

  private final NativeFunction infillPrefix = plain("llama_vocab_fim_pre");

  int infillPrefix(MemorySegment vocabulary) {
    return (int) infillPrefix.call(pointer(vocabulary));
  }

  private final NativeFunction infillSuffix = plain("llama_vocab_fim_suf");

  int infillSuffix(MemorySegment vocabulary) {
    return (int) infillSuffix.call(pointer(vocabulary));
  }

  private final NativeFunction infillMiddle = plain("llama_vocab_fim_mid");

  int infillMiddle(MemorySegment vocabulary) {
    return (int) infillMiddle.call(pointer(vocabulary));
  }
}
