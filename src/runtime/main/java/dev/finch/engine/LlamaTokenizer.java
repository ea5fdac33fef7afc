package dev.finch.engine;

import dev.finch.engine.grammar.Vocabulary;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Texts to tokens, on any thread, for texts of any length: exactly what {@code llama_tokenize}
 * gives for the whole on a stack that is large enough. Thread-safe; calls end before the model is
 * freed.
 */
final class LlamaTokenizer implements AutoCloseable {

  /** The longest run of one kind of character, in bytes of UTF-8. */
  static final int LONGEST_RUN = 1 << 20;

  private final LlamaVocabulary vocabulary;
  private final boolean byWords;
  private final TextRuns.Rule rule;
  private final SpecialTexts parsed;
  private final SpecialTexts unparsed;
  private final boolean cuts;
  private volatile int longestToken;
  private final KnownPieces known = new KnownPieces();
  private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();
  private @Nullable Vocabulary texts;
  private boolean closed;

  /**
   * @param kind the key {@code tokenizer.ggml.model}
   * @param preTokenizer the key {@code tokenizer.ggml.pre}
   */
  LlamaTokenizer(LlamaVocabulary vocabulary, String kind, String preTokenizer) {
    this.vocabulary = vocabulary;
    byWords = kind.equals("gpt2");
    rule = TextRuns.Rule.of(preTokenizer);
    Set<String> all = new HashSet<>();
    Set<String> always = new HashSet<>();
    boolean strips = collect(all, always);
    cuts = !strips && (byWords || kind.equals("llama"));
    parsed = new SpecialTexts(cuts ? all : Set.of(), byWords);
    unparsed = new SpecialTexts(cuts ? always : Set.of(), byWords);
  }

  /** Whether some special token takes blanks from its neighbours, or is no text of Java's. */
  private boolean collect(Set<String> all, Set<String> always) {
    boolean strips = false;
    int size = vocabulary.size();
    for (int token = 0; token < size; token++) {
      int attributes = vocabulary.attributes(token);
      if ((attributes & B4916Structs.TOKEN_SPECIAL) == 0) {
        continue;
      }
      String text = vocabulary.spelling(token);
      strips |= (attributes & B4916Structs.TOKEN_STRIPS) != 0 || text.isEmpty();
      strips |= text.indexOf('\uFFFD') >= 0;
      all.add(text);
      if ((attributes & B4916Structs.TOKEN_USER_DEFINED) != 0) {
        always.add(text);
      }
    }
    return strips;
  }

  /**
   * The text's tokens.
   *
   * @param counter is told of them as they are made, and may end it
   * @throws FinchException with {@code BAD_REQUEST} for a run beyond {@link #LONGEST_RUN}
   */
  int[] tokenize(String text, boolean addSpecial, boolean parseSpecial, TokenCounter counter) {
    life.readLock().lock();
    try {
      requireOpen();
      return new Work(text, addSpecial, parseSpecial, counter).run();
    } finally {
      life.readLock().unlock();
    }
  }

  /** The texts of all tokens, which are put in order when they are first asked for. */
  Vocabulary texts() {
    life.readLock().lock();
    try {
      requireOpen();
      return inOrder();
    } finally {
      life.readLock().unlock();
    }
  }

  private synchronized Vocabulary inOrder() {
    Vocabulary known = texts;
    if (known == null) {
      known = vocabulary.texts();
      texts = known;
    }
    return known;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the model has been freed");
    }
  }

  /** Waits for the calls under way, and takes no more. Idempotent. */
  @Override
  public void close() {
    life.writeLock().lock();
    try {
      closed = true;
    } finally {
      life.writeLock().unlock();
    }
  }

  /** One text, piece by piece. */
  private final class Work {
    private final String text;
    private final boolean addSpecial;
    private final boolean parseSpecial;
    private final TokenCounter counter;
    private int[] tokens = new int[64];
    private int count;
    private int from;

    Work(String text, boolean addSpecial, boolean parseSpecial, TokenCounter counter) {
      this.text = text;
      this.addSpecial = addSpecial;
      this.parseSpecial = parseSpecial;
      this.counter = counter;
    }

    int[] run() {
      boolean exact = text.length() > TokenCounter.COUNTED_WHOLE && cuts;
      int bytes = exact ? text.getBytes(StandardCharsets.UTF_8).length : text.length();
      counter.expect(text.length(), bytes, exact ? longestToken() : 0);
      TextRuns.Found runs = byWords ? TextRuns.in(text, rule) : new TextRuns.Found(0, 0);
      requireShort(runs.longest());
      return DeepStack.call(runs.depth(), this::pieces);
    }

    private int[] pieces() {
      (parseSpecial ? parsed : unparsed).cuts(text, this::piece);
      boolean whole = from == 0;
      piece(text.length());
      if (!whole && addSpecial && vocabulary.addsEnd()) {
        append(new int[] {vocabulary.endToken()});
      }
      return Arrays.copyOf(tokens, count);
    }

    private void piece(int end) {
      counter.requireWanted();
      boolean first = from == 0;
      boolean last = end == text.length();
      int[] more = tokens(text.substring(from, end), addSpecial && first);
      if (first && !last && addSpecial && vocabulary.addsEnd()) {
        more = Arrays.copyOf(more, more.length - 1);
      }
      append(more);
      counter.add(end - from, more.length);
      from = end;
    }

    private int[] tokens(String piece, boolean add) {
      int[] tokens = known.get(piece, add, parseSpecial);
      if (tokens == null) {
        tokens = vocabulary.tokenize(piece, add, parseSpecial);
        known.put(piece, add, parseSpecial, tokens);
      }
      return tokens;
    }

    private void append(int[] more) {
      if (count + more.length > tokens.length) {
        tokens = Arrays.copyOf(tokens, Math.max(2 * tokens.length, count + more.length));
      }
      System.arraycopy(more, 0, tokens, count, more.length);
      count += more.length;
    }
  }

  // Only a text that may be refused by it asks, so that a load does not look at all tokens.
  private int longestToken() {
    if (longestToken == 0) {
      longestToken = spellsAllBytes() ? vocabulary.longestPiece() : Integer.MAX_VALUE;
    }
    return longestToken;
  }

  /** Whether no byte of a text is dropped, so that its tokens stand for all of it. */
  private boolean spellsAllBytes() {
    if (!byWords) {
      return true;
    }
    Set<String> spellings = new HashSet<>();
    for (int token = 0; token < vocabulary.size(); token++) {
      spellings.add(vocabulary.spelling(token));
    }
    // GPT-2's alphabet: printable bytes stand for themselves, the others for U+0100 and on.
    int next = 0x100;
    for (int value = 0; value <= 0xFF; value++) {
      boolean itself = (value > 0x20 && value < 0x7F) || (value > 0xA0 && value != 0xAD);
      if (!spellings.contains(Character.toString(itself ? value : next))) {
        return false;
      }
      next += itself ? 0 : 1;
    }
    return true;
  }

  private static void requireShort(int run) {
    if (run > LONGEST_RUN) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.BAD_REQUEST,
              "The text has a run of %,d bytes of one kind of character (expected: at most %,d)."
                  .formatted(run, LONGEST_RUN),
              "The kinds are letters, digits, blanks with line ends, and the rest: break it with"
                  + " a character of another kind, or shorten it."));
    }
  }
}
