package dev.finch.engine;

import static dev.finch.engine.B4916Structs.BATCH;
import static dev.finch.engine.B4916Structs.set;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The native form of a {@link StepBatch}, in memory that is allocated once. */
final class LlamaBatch {

  private final int capacity;
  private final MemorySegment struct;
  private final MemorySegment tokens;
  private final MemorySegment positions;
  private final MemorySegment sequences;
  private final MemorySegment outputs;

  LlamaBatch(Arena arena, int capacity) {
    this.capacity = capacity;
    struct = arena.allocate(BATCH);
    tokens = arena.allocate(JAVA_INT, capacity);
    positions = arena.allocate(JAVA_INT, capacity);
    sequences = arena.allocate(JAVA_INT, capacity);
    outputs = arena.allocate(capacity);
    MemorySegment sequenceCounts = arena.allocate(JAVA_INT, capacity);
    MemorySegment sequenceLists = arena.allocate(ADDRESS, capacity);
    for (int i = 0; i < capacity; i++) {
      sequenceCounts.setAtIndex(JAVA_INT, i, 1);
      sequenceLists.setAtIndex(ADDRESS, i, sequences.asSlice(i * JAVA_INT.byteSize()));
    }
    set(BATCH, struct, "token", tokens);
    set(BATCH, struct, "pos", positions);
    set(BATCH, struct, "n_seq_id", sequenceCounts);
    set(BATCH, struct, "seq_id", sequenceLists);
    set(BATCH, struct, "logits", outputs);
  }

  /** Copies a step's tokens; the result is valid until the next call. */
  MemorySegment fill(StepBatch step) {
    if (step.size() == 0 || step.size() > capacity) {
      throw new IllegalArgumentException(
          "batch: " + step.size() + " tokens (expected: 1 to " + capacity + ")");
    }
    for (int i = 0; i < step.size(); i++) {
      tokens.setAtIndex(JAVA_INT, i, step.token(i));
      positions.setAtIndex(JAVA_INT, i, step.position(i));
      sequences.setAtIndex(JAVA_INT, i, step.sequence(i));
      outputs.set(JAVA_BYTE, i, (byte) (step.output(i) ? 1 : 0));
    }
    set(BATCH, struct, "n_tokens", step.size());
    return struct;
  }
}
