package dev.finch.selection;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.model.Bytes;
import dev.finch.model.ModelConfig;
import java.util.ArrayList;
import java.util.List;

/** Whether a model fits into memory, and what had to be given up for it. */
public sealed interface MemoryPlan {

  /** Contexts are not halved below this. */
  int SHORTEST_CONTEXT = 1024;

  /**
   * It fits.
   *
   * @param use how to run it
   * @param estimate what that takes
   * @param changes what differs from the wish, a sentence each; empty where nothing does
   */
  record Fits(MemoryUse use, MemoryEstimate estimate, List<String> changes) implements MemoryPlan {
    public Fits {
      changes = List.copyOf(changes);
    }
  }

  /** It does not fit even at its smallest, which {@code estimate} is of. */
  record TooLarge(MemoryEstimate estimate, Failure why) implements MemoryPlan {}

  /**
   * Shrinks the wish until it fits, in this order: fewer slots, by halves to one; a quantized
   * cache; a shorter context, by halves to {@link #SHORTEST_CONTEXT}.
   *
   * @param name the model, for messages
   * @param weightBytes bytes of its tensors
   * @param availableBytes memory that may be used
   */
  static MemoryPlan of(
      String name, ModelConfig shape, long weightBytes, MemoryUse wanted, long availableBytes) {
    List<String> changes = new ArrayList<>();
    MemoryUse use = wanted;
    MemoryEstimate estimate = MemoryEstimate.of(shape, weightBytes, use);
    while (estimate.total() > availableBytes) {
      MemoryUse smaller = smaller(use);
      if (smaller.equals(use)) {
        return new TooLarge(estimate, tooLarge(name, use, estimate, availableBytes));
      }
      use = smaller;
      estimate = MemoryEstimate.of(shape, weightBytes, use);
    }
    if (use.slots() < wanted.slots()) {
      changes.add(wanted.slots() + " slots became " + use.slots() + ".");
    }
    if (use.quantizedCache() && !wanted.quantizedCache()) {
      changes.add("The KV cache is stored as Q8_0 instead of F16.");
    }
    if (use.contextLength() < wanted.contextLength()) {
      changes.add(
          "The context of "
              + wanted.contextLength()
              + " tokens became "
              + use.contextLength()
              + ".");
    }
    return new Fits(use, estimate, changes);
  }

  private static MemoryUse smaller(MemoryUse use) {
    if (use.slots() > 1) {
      return use.withSlots(use.slots() / 2);
    }
    if (!use.quantizedCache()) {
      return use.withQuantizedCache();
    }
    int half = Math.max(SHORTEST_CONTEXT, use.contextLength() / 2);
    return half < use.contextLength() ? use.withContextLength(half) : use;
  }

  private static Failure tooLarge(
      String name, MemoryUse smallest, MemoryEstimate estimate, long availableBytes) {
    return Failure.permanent(
        FailureCode.MODEL_TOO_LARGE,
        name
            + " takes "
            + Bytes.format(estimate.total())
            + " of memory even with one slot and a context of "
            + smallest.contextLength()
            + " tokens (weights "
            + Bytes.format(estimate.weightBytes())
            + ", KV cache "
            + Bytes.format(estimate.kvCacheBytes())
            + ", buffers "
            + Bytes.format(estimate.computeBytes() + estimate.overheadBytes())
            + "); available: "
            + Bytes.format(Math.max(0, availableBytes))
            + ".",
        "Close other programs, raise the container's limit, or choose a smaller model; `finch fit`"
            + " lists what would fit.");
  }
}
