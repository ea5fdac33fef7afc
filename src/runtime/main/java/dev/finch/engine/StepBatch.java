package dev.finch.engine;

import java.util.Arrays;

/** The tokens of one decode step, of one or many sequences. Reused from step to step. */
public final class StepBatch {

  private int[] tokens = new int[64];
  private int[] positions = new int[64];
  private int[] sequences = new int[64];
  private boolean[] outputs = new boolean[64];
  private int size;

  /**
   * Appends a token.
   *
   * @param output whether its logits or its embedding are wanted
   * @return its index, by which they are asked for
   */
  public int add(int token, int position, int sequence, boolean output) {
    if (size == tokens.length) {
      grow();
    }
    tokens[size] = token;
    positions[size] = position;
    sequences[size] = sequence;
    outputs[size] = output;
    return size++;
  }

  public void clear() {
    size = 0;
  }

  public int size() {
    return size;
  }

  public int token(int index) {
    return tokens[index];
  }

  public int position(int index) {
    return positions[index];
  }

  public int sequence(int index) {
    return sequences[index];
  }

  public boolean output(int index) {
    return outputs[index];
  }

  private void grow() {
    int capacity = tokens.length * 2;
    tokens = Arrays.copyOf(tokens, capacity);
    positions = Arrays.copyOf(positions, capacity);
    sequences = Arrays.copyOf(sequences, capacity);
    outputs = Arrays.copyOf(outputs, capacity);
  }
}
