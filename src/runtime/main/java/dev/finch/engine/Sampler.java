package dev.finch.engine;

/** Chooses the tokens of one answer. Confined to its engine's thread; closed before the engine. */
public interface Sampler extends AutoCloseable {

  /** Chooses the token that follows the marked token at this index of the last batch. */
  int sample(int index);

  /** Counts a prompt token for the penalties. */
  void accept(int token);

  /** Frees it. Idempotent. */
  @Override
  void close();
}
