package dev.finch.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.FailureCode;
import dev.finch.model.ModelConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryPlanTest {

  private static final long MIB = 1L << 20;
  private static final long WEIGHTS = 500 * MIB;
  private static final ModelConfig HALF_BILLION =
      new ModelConfig("qwen2", 24, 896, 4864, 14, 2, 64, 151_936, 32_768, true);

  @ParameterizedTest
  @CsvSource({"1024, false, 12", "4096, false, 48", "16384, false, 192", "16384, true, 102"})
  void theCacheIsWhatLlamaCppAllocates(int context, boolean quantized, long mebibytes) {
    MemoryUse use = new MemoryUse(context, 1, 512, quantized, quantized);

    assertEquals(mebibytes * MIB, MemoryEstimate.of(HALF_BILLION, WEIGHTS, use).kvCacheBytes());
  }

  /** Resident growth while a context was filled, less that of loading: 14.2, 32.7 and 53.9 MB. */
  @ParameterizedTest
  @CsvSource({"256, 14.2", "512, 32.7", "1024, 53.9"})
  void theBuffersAreWithinATenthOfWhatBecameResident(int context, double megabytes) {
    double estimated =
        MemoryEstimate.of(HALF_BILLION, WEIGHTS, MemoryUse.ofContext(context)).computeBytes();

    assertEquals(megabytes, estimated / 1e6, megabytes / 10);
  }

  @Test
  void aWishThatFitsIsLeftAlone() {
    MemoryUse wish = new MemoryUse(4096, 4, 512, false, false);

    MemoryPlan.Fits fits = fits(wish, 4096 * MIB);

    assertEquals(wish, fits.use());
    assertEquals(List.of(), fits.changes());
  }

  @Test
  void slotsGoFirstThenTheCachesPrecisionThenTheContext() {
    MemoryUse wish = new MemoryUse(32_768, 4, 512, false, false);

    assertEquals(List.of("4 slots became 2."), fits(wish, total(32_768, 2, false)).changes());
    assertEquals(List.of("4 slots became 1."), fits(wish, total(32_768, 1, false)).changes());
    assertEquals(
        List.of("4 slots became 1.", "The KV cache is stored as Q8_0 instead of F16."),
        fits(wish, total(32_768, 1, true)).changes());
    MemoryPlan.Fits smallest = fits(wish, total(2048, 1, true));
    assertEquals(new MemoryUse(2048, 1, 512, true, true), smallest.use());
    assertEquals("The context of 32768 tokens became 2048.", smallest.changes().getLast());
  }

  @Test
  void whatIsPlannedNeverTakesMoreThanThereIs() {
    MemoryUse wish = new MemoryUse(8192, 8, 512, false, false);
    for (long mebibytes = 0; mebibytes < 3000; mebibytes += 7) {
      MemoryPlan plan = MemoryPlan.of("model", HALF_BILLION, WEIGHTS, wish, mebibytes * MIB);
      if (plan instanceof MemoryPlan.Fits(MemoryUse use, MemoryEstimate estimate, var _)) {
        assertTrue(estimate.total() <= mebibytes * MIB);
        assertEquals(MemoryEstimate.of(HALF_BILLION, WEIGHTS, use), estimate);
      }
    }
  }

  @Test
  void whatDoesNotFitAtAllIsRefusedWithTheNumbers() {
    MemoryPlan plan =
        MemoryPlan.of(
            "qwen2.5-0.5b",
            HALF_BILLION,
            WEIGHTS,
            new MemoryUse(32_768, 4, 512, false, false),
            520 * MIB);

    MemoryPlan.TooLarge tooLarge = assertInstanceOf(MemoryPlan.TooLarge.class, plan);
    assertEquals(FailureCode.MODEL_TOO_LARGE, tooLarge.why().code());
    String message = tooLarge.why().message();
    assertTrue(message.contains("a context of 1024 tokens"), message);
    assertTrue(message.contains("weights 524.3 MB"), message);
    assertTrue(message.contains("available: 545.3 MB"), message);
  }

  private static MemoryPlan.Fits fits(MemoryUse wish, long availableBytes) {
    return assertInstanceOf(
        MemoryPlan.Fits.class, MemoryPlan.of("model", HALF_BILLION, WEIGHTS, wish, availableBytes));
  }

  private static long total(int context, int slots, boolean quantized) {
    MemoryUse use = new MemoryUse(context, slots, 512, quantized, quantized);
    return MemoryEstimate.of(HALF_BILLION, WEIGHTS, use).total();
  }
}
