package dev.finch.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureTest {

  @ParameterizedTest
  @CsvSource({
    "It failed, It failed. Try again.",
    "It failed., It failed. Try again.",
    "It failed. , It failed. Try again.",
    "Did it fail?, Did it fail? Try again.",
    "It failed (expected: 1), It failed (expected: 1). Try again.",
    "It answered 'no', It answered 'no'. Try again.",
    "It failed…, It failed… Try again.",
  })
  void aHintBeginsASentenceOfItsOwn(String message, String described) {
    assertEquals(
        described, Failure.permanent(FailureCode.INTERNAL, message, "Try again.").describe());
  }

  @ParameterizedTest
  @CsvSource({
    "It failed, It failed.",
    "It failed., It failed.",
    "Did it fail?, Did it fail?",
    "Give a token with access to it., Give a token with access to it.",
  })
  void aSentenceEndsOnce(String text, String sentence) {
    assertEquals(sentence, Failure.sentence(text));
  }

  @Test
  void aMessageAloneStaysAsItIs() {
    assertEquals(
        "It failed", Failure.permanent(FailureCode.INTERNAL, "It failed", null).describe());
  }

  /** Descriptions that stand for a name begin a sentence; names and settings stay as they are. */
  @ParameterizedTest
  @CsvSource({
    "the built-in demonstration model is ready, The built-in demonstration model is ready.",
    "random weights of shape small are ready, Random weights of shape small are ready.",
    "no model was asked for, No model was asked for.",
    "acme/the-one is ready, acme/the-one is ready.",
    "thesis.gguf is ready, thesis.gguf is ready.",
    "finch.http.port: 1, finch.http.port: 1.",
    "random:small is ready, random:small is ready.",
  })
  void aSentenceBeginsWithACapitalUnlessAName(String text, String sentence) {
    assertEquals(sentence, Failure.sentence(text));
    assertEquals("It failed. " + sentence, Failure.sentences("It failed", sentence));
    assertEquals(
        sentence, Failure.sentence(Failure.permanent(FailureCode.INTERNAL, text, null).message()));
  }
}
