package dev.finch.engine;

import dev.finch.engine.grammar.Gbnf;
import dev.finch.engine.grammar.GrammarCursor;
import dev.finch.engine.grammar.RandomGbnf;
import dev.finch.failure.FinchException;
import dev.finch.platform.NativeFunction;
import dev.finch.platform.NativeLibraries;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.SplittableRandom;

/**
 * A process of its own that follows random grammars as Finch does and as llama.cpp does, token by
 * token: {@code SEED MILLISECONDS}. It ends with an error where they allow other tokens.
 */
final class GrammarOracleChild {

  private static final int TOKENS = 12;

  /** What completes a code point that has begun. */
  private static final byte[][] RESTS = {
    {},
    {(byte) 0x80},
    {(byte) 0x80, (byte) 0x80},
    {(byte) 0xA0, (byte) 0x80},
    {(byte) 0x80, (byte) 0x80, (byte) 0x80},
    {(byte) 0x90, (byte) 0x80, (byte) 0x80}
  };

  private final LlamaEngine engine =
      (LlamaEngine)
          TinyChat.engines()
              .load(
                  TinyChat.settings("context-length = 128").plan(TinyChat.model(), null),
                  _ -> true);
  private final NativeFunction grammar =
      new NativeFunction(
          NativeLibraries.openLlama(TinyChat.CACHE, Arena.global())
              .find("llama_sampler_init_grammar")
              .orElseThrow());
  private final SplittableRandom random;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private long compared;
  private long refused;

  private GrammarOracleChild(long seed) {
    random = new SplittableRandom(seed);
  }

  public static void main(String[] args) {
    long end = System.nanoTime() + Long.parseLong(args[1]) * 1_000_000;
    GrammarOracleChild child = new GrammarOracleChild(Long.parseLong(args[0]));
    for (long i = 0; System.nanoTime() < end; i++) {
      child.compare(new RandomGbnf(Long.parseLong(args[0]) * 1_000_000 + i).tame());
    }
    System.out.println("compared " + child.compared + " refused " + child.refused);
  }

  private void compare(String text) {
    GrammarCursor cursor;
    try {
      cursor = Gbnf.check(text).cursor(engine.texts());
    } catch (FinchException e) {
      refused++;
      return;
    }
    pending.reset();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment sampler =
          MemorySegment.ofAddress(
              grammar.call(
                  NativeFunction.pointer(engine.vocabulary().handle()),
                  NativeFunction.pointer(arena.allocateFrom(text)),
                  NativeFunction.pointer(arena.allocateFrom("root"))));
      for (int i = 0; i < TOKENS; i++) {
        int token = compare(text, cursor, sampler);
        if (token < 0) {
          break;
        }
        cursor.accept(token);
        pending.writeBytes(engine.pieceWithControls(token));
        engine.llama().samplers().accept(sampler, token);
      }
      engine.llama().samplers().freeSampler(sampler);
    }
  }

  /** A token that both allow, or -1 where the answer ends here. */
  private int compare(String text, GrammarCursor cursor, MemorySegment sampler) {
    int size = engine.facts().weights().vocabularySize();
    BitSet expected = allowedByLlama(sampler, size);
    BitSet actual = cursor.allowed();
    for (int token = 0; token < size; token++) {
      boolean ours = engine.endsGeneration(token) ? cursor.mayEnd() : actual.get(token);
      if (!engine.endsGeneration(token) && ours != cursor.allows(token)) {
        throw new AssertionError("token " + token + " alone and among all under\n" + text);
      }
      if (ours != expected.get(token) && (ours || isText(token))) {
        throw new AssertionError(
            "token "
                + token
                + " '"
                + new String(engine.pieceWithControls(token), StandardCharsets.UTF_8)
                + "' is allowed: "
                + ours
                + " (expected: "
                + expected.get(token)
                + ") under\n"
                + text);
      }
    }
    compared++;
    int[] plain = actual.stream().filter(token -> !engine.endsGeneration(token)).toArray();
    return plain.length == 0 ? -1 : plain[random.nextInt(plain.length)];
  }

  /** Whether the answer would still be UTF-8 with it; llama.cpp itself does not look at that. */
  private boolean isText(int token) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(pending.toByteArray());
    all.writeBytes(engine.pieceWithControls(token));
    for (byte[] rest : RESTS) {
      var whole = new ByteArrayOutputStream();
      whole.writeBytes(all.toByteArray());
      whole.writeBytes(rest);
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(whole.toByteArray()));
        return true;
      } catch (CharacterCodingException e) {
        // Another rest may do.
      }
    }
    return false;
  }

  private BitSet allowedByLlama(MemorySegment sampler, int size) {
    try (Arena arena = Arena.ofConfined()) {
      LlamaCandidates candidates = new LlamaCandidates(arena, size);
      MemorySegment logits = arena.allocate(size * 4L);
      engine.llama().samplers().apply(sampler, candidates.all(logits));
      BitSet allowed = new BitSet();
      for (int token = 0; token < size; token++) {
        if (candidates.logit(token) != Float.NEGATIVE_INFINITY) {
          allowed.set(token);
        }
      }
      return allowed;
    }
  }
}
