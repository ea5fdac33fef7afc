package dev.finch.engine;

import dev.finch.engine.grammar.Gbnf;
import dev.finch.inference.Sampling;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One loaded model with one context: what an actor needs to decode many sequences a step at a time.
 *
 * <p>Confined to the thread that loaded it, but for {@link #tokenize}. Sequences are numbered from
 * 0; tokens of a sequence have the positions 0, 1, 2, …. Methods throw {@link
 * dev.finch.failure.FinchException} where the native side fails.
 */
public interface Engine extends AutoCloseable {

  /** What was loaded, and how. */
  EngineFacts facts();

  /**
   * The text's tokens. Any thread may call it while the engine is open.
   *
   * @param addSpecial whether to add the tokens that the model wants at the start of a text
   * @param parseSpecial whether texts of control tokens become those tokens
   * @throws dev.finch.failure.FinchException with {@code BAD_REQUEST} where no stack is deep enough
   *     for the text
   */
  int[] tokenize(String text, boolean addSpecial, boolean parseSpecial);

  /**
   * As the other, but tells of the tokens while they are made.
   *
   * @param counter may end it
   */
  default int[] tokenize(
      String text, boolean addSpecial, boolean parseSpecial, TokenCounter counter) {
    counter.expect(text.length(), text.length(), 0);
    int[] tokens = tokenize(text, addSpecial, parseSpecial);
    counter.add(text.length(), tokens.length);
    return tokens;
  }

  /** Readies what the first grammar needs, which takes a while. Any thread may call it. */
  default void prepareGrammars() {}

  /** The bytes of a token's text, perhaps part of a code point; empty for a control token. */
  byte[] piece(int token);

  /** The bytes of a token's text, those of control tokens included. */
  byte[] pieceWithControls(int token);

  /** Whether this token ends a turn or the text. */
  boolean endsGeneration(int token);

  /** The texts of the control tokens, which {@link #tokenize} makes of them where it parses. */
  Set<String> controlTexts();

  /** The tokens for filling in the middle, or null where the model was not trained for it. */
  @Nullable InfillTokens infillTokens();

  /**
   * Processes a batch: afterwards its tokens are in the cache of their sequences, and the logits of
   * those marked can be sampled by their index in the batch.
   *
   * @return false where the cache has no room for it and nothing was done
   */
  boolean decode(StepBatch batch);

  /** As {@link #decode}, but gives embeddings instead of logits. */
  boolean decodeEmbeddings(StepBatch batch);

  /** The embedding that the last {@link #decodeEmbeddings} made for the marked token there. */
  float[] embedding(int index);

  /** The logits that the last {@link #decode} made for the marked token there. */
  float[] logits(int index);

  /**
   * A sampler of its own for one answer.
   *
   * @param sampling every field set but {@code stop}, {@code maxTokens} and {@code logprobs}
   * @param grammar that the answer must follow, or null
   */
  Sampler sampler(Sampling sampling, @Nullable Gbnf grammar);

  /**
   * Forgets the tokens from a position on.
   *
   * @return whether the model can forget a part; where not, the whole sequence was forgotten
   */
  boolean truncate(int sequence, int from);

  /** Lets another, empty sequence share this one's first tokens without copying them. */
  void share(int from, int to, int tokens);

  /** Cache cells that hold at least one sequence's token. */
  int usedCells();

  /** Makes the following batches use these adapters, by name with their scales, and no others. */
  void useAdapters(Map<String, Double> adapters);

  /** Writes a sequence's cache with its tokens to a file. */
  void save(int sequence, int[] tokens, Path file);

  /** Reads a file into an empty sequence; gives its tokens, or null where it does not fit. */
  int @Nullable [] restore(int sequence, Path file);

  /** Frees everything. Idempotent. */
  @Override
  void close();
}
