package dev.finch.gguf;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever the bytes are, a header is taken or refused with a typed failure, in bounded memory. */
class GgufFuzzTest {

  private static final Set<FailureCode> TYPED =
      Set.of(FailureCode.MODEL_FILE_INVALID, FailureCode.UNSUPPORTED_MODEL);

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void takesOrRefusesEachOf90000SmallHeaders() {
    byte[] file = Fixtures.file();
    Map<FailureCode, Integer> refused = fuzz(file, 90_000);

    assertTrue(
        refused.getOrDefault(FailureCode.MODEL_FILE_INVALID, 0) > 45_000, refused.toString());
    assertTrue(refused.getOrDefault(FailureCode.UNSUPPORTED_MODEL, 0) > 0, refused.toString());
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void takesOrRefusesEachOf10000HeadersOfARealModel() {
    Map<FailureCode, Integer> refused = fuzz(Fixtures.tinyChat(), 10_000);

    assertTrue(refused.getOrDefault(FailureCode.MODEL_FILE_INVALID, 0) > 1_000, refused.toString());
  }

  private Map<FailureCode, Integer> fuzz(byte[] file, int count) {
    int headerBytes = (int) Fixtures.header(file).dataOffset();
    Map<FailureCode, Integer> refused = new EnumMap<>(FailureCode.class);
    for (int seed = 0; seed < count; seed++) {
      byte[] damaged = new HeaderMutator(seed).mutate(file, headerBytes);
      long most = 200_000 + 20L * headerBytes;
      // A way through the code that is taken for the first time loads classes, too.
      if (allocated(damaged, seed) > most) {
        long allocated = allocated(damaged, seed);
        assertTrue(allocated <= most, "seed " + seed + " allocated " + allocated);
      }
      FailureCode code = refusal(damaged, seed);
      if (code != null) {
        refused.merge(code, 1, Integer::sum);
      }
    }
    return refused;
  }

  private long allocated(byte[] damaged, int seed) {
    long before = threads.getCurrentThreadAllocatedBytes();
    refusal(damaged, seed);
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  /** Why it is refused, or null where it is taken. */
  private static @Nullable FailureCode refusal(byte[] damaged, int seed) {
    try {
      Fixtures.checked(damaged);
      return null;
    } catch (FinchException e) {
      assertTrue(TYPED.contains(e.failure().code()), "seed " + seed + ": " + e);
      return e.failure().code();
    } catch (RuntimeException | Error e) {
      return fail("seed " + seed, e);
    }
  }
}
