package dev.finch.engine;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.util.function.IntConsumer;
import java.util.function.IntToLongFunction;

/**
 * Measures decode steps of a model that was just loaded, with as many threads as is asked. Its
 * first step also brings the weights into memory, which the first prompt then need not wait for.
 */
final class Calibration implements IntToLongFunction {

  private static final int STEPS = 4;

  // Large models take few steps: their times differ little from one to the next.
  private static final long ENOUGH_NANOS = 400_000_000;

  private final Engine engine;
  private final IntConsumer setThreads;
  private final EngineFactory.Progress progress;
  private final StepBatch batch = new StepBatch();
  private int position;

  /**
   * @param setThreads how the engine is told
   * @param progress says whether the load is still wanted
   */
  Calibration(Engine engine, IntConsumer setThreads, EngineFactory.Progress progress) {
    this.engine = engine;
    this.setThreads = setThreads;
    this.progress = progress;
  }

  /** The shortest of a few steps in nanoseconds, since all that disturbs one makes it longer. */
  @Override
  public long applyAsLong(int threads) {
    setThreads.accept(threads);
    step();
    long shortest = Long.MAX_VALUE;
    long spent = 0;
    for (int i = 0; i < STEPS && spent < ENOUGH_NANOS; i++) {
      long nanos = step();
      spent += nanos;
      shortest = Math.min(shortest, nanos);
    }
    engine.truncate(0, 0);
    position = 0;
    return shortest;
  }

  private long step() {
    if (!progress.loaded(1)) {
      throw new FinchException(
          Failure.passing(FailureCode.CANCELLED, "Loading was stopped.", null));
    }
    batch.clear();
    batch.add(0, position++, 0, true);
    long begun = System.nanoTime();
    engine.decode(batch);
    return System.nanoTime() - begun;
  }
}
