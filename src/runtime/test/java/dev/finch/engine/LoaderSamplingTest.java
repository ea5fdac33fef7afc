package dev.finch.engine;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.inference.Answer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Prompt;
import dev.finch.inference.Sampling;
import dev.finch.inference.TokenLogprob;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How the real model's tokens are chosen. */
final class LoaderSamplingTest {

  private static final LoaderKit KIT = new LoaderKit();
  private static final LoaderKit.Loaded LOADED = KIT.load(TinyChat.settings("context-length=512"));
  private static final int TOKENS = 24;

  // <|endoftext|> and <|im_end|>
  private static final Map<Integer, Double> NO_END = Map.of(1017, -1000.0, 1019, -1000.0);

  @AfterAll
  static void stop() {
    LOADED.close();
    KIT.close();
  }

  @Test
  void theSameSeedGivesTheSameText() {
    assertEquals(seeded(1), seeded(1));
    Set<String> texts =
        LongStream.range(0, 8).mapToObj(LoaderSamplingTest::seeded).collect(toSet());
    assertTrue(texts.size() > 4, texts.toString());
  }

  private static String seeded(long seed) {
    return LOADED.ask(story(hot().seed(seed))).text();
  }

  static Stream<UnaryOperator<Sampling.Builder>> narrowings() {
    return Stream.of(
        sampling -> sampling.topK(1),
        sampling -> sampling.topP(1e-6),
        sampling -> sampling.minP(1.0),
        sampling -> sampling.temperature(1e-4));
  }

  @ParameterizedTest
  @MethodSource("narrowings")
  void whereOnlyTheLikeliestIsLeftAnySeedGivesTheGreedyText(
      UnaryOperator<Sampling.Builder> narrowing) {
    String greedy = LOADED.ask(story(hot().temperature(0.0))).text();
    for (long seed = 0; seed < 3; seed++) {
      assertEquals(greedy, LOADED.ask(story(narrowing.apply(hot().seed(seed)))).text());
    }
  }

  @Test
  void onlyTheMostTypicalTokenIsLeft() {
    Set<String> typical =
        LongStream.range(0, 4)
            .mapToObj(seed -> LOADED.ask(story(hot().typicalP(1e-6).seed(seed))).text())
            .collect(toSet());
    assertEquals(1, typical.size(), typical::toString);
  }

  static Stream<UnaryOperator<Sampling.Builder>> penalties() {
    return Stream.of(
        sampling -> sampling.repeatPenalty(10.0),
        sampling -> sampling.presencePenalty(2.0),
        sampling -> sampling.frequencyPenalty(2.0));
  }

  @ParameterizedTest
  @MethodSource("penalties")
  void penaltiesMakeTokensRepeatLess(UnaryOperator<Sampling.Builder> penalty) {
    Sampling.Builder greedy = hot().temperature(0.0).penaltyLastN(256);
    int free = different(greedy);
    int penalised = different(penalty.apply(greedy));
    assertTrue(penalised > free, penalised + " different tokens with, " + free + " without");
  }

  /** How many different tokens a long greedy answer has. */
  private static int different(Sampling.Builder sampling) {
    LOADED.ask(story(sampling.maxTokens(120).logprobs(0)));
    Set<Integer> tokens = new HashSet<>();
    logprobs().forEach(token -> tokens.add(token.tokenId()));
    return tokens.size();
  }

  @Test
  void aBiasForbidsAToken() {
    LOADED.ask(story(hot().temperature(0.0).logprobs(0)));
    int first = logprobs().getFirst().tokenId();
    LOADED.ask(story(hot().temperature(0.0).logprobs(0).logitBias(Map.of(first, -100.0))));
    assertNotEquals(first, logprobs().getFirst().tokenId());
  }

  @Test
  void reportsLogProbabilitiesOfEachToken() {
    Answer answer =
        LOADED.ask(
            TinyChat.greedy("What is the capital of France?").toBuilder()
                .sampling(
                    Sampling.builder().temperature(0.0).repeatPenalty(1.0).logprobs(3).build())
                .build());
    List<TokenLogprob> tokens = logprobs();
    assertTrue(tokens.size() >= answer.usage().completionTokens() - 1);
    for (TokenLogprob token : tokens) {
      assertEquals(3, token.alternatives().size());
      assertEquals(token.tokenId(), token.alternatives().getFirst().tokenId());
      assertTrue(token.logprob() <= 0 && token.logprob() > -5);
    }
    assertEquals("The capital", tokens.get(0).token() + tokens.get(1).token());
  }

  private static List<TokenLogprob> logprobs() {
    List<TokenLogprob> all = new ArrayList<>();
    for (AnswerEvent event : LOADED.lastEvents()) {
      if (event instanceof AnswerEvent.Delta delta) {
        all.addAll(delta.logprobs());
      }
    }
    return all;
  }

  /** Anything may come, and the answer does not end by itself. */
  private static Sampling.Builder hot() {
    return Sampling.builder()
        .temperature(1.5)
        .topK(0)
        .topP(1.0)
        .repeatPenalty(1.0)
        .logitBias(NO_END)
        .maxTokens(TOKENS);
  }

  private static GenerateRequest story(Sampling.Builder sampling) {
    return GenerateRequest.builder()
        .prompt(new Prompt.Raw("Once", null))
        .sampling(sampling.build())
        .build();
  }
}
