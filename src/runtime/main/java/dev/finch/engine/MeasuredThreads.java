package dev.finch.engine;

import dev.finch.platform.CachedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread counts that were measured on this machine, one small file for each kind of model. They are
 * measured again after a week, since the machine may have changed, and where fewer threads than all
 * won after a day, since the machine may have been busy.
 */
final class MeasuredThreads {

  private static final Logger LOG = LoggerFactory.getLogger(MeasuredThreads.class);

  private static final Duration VALID = Duration.ofDays(7);
  private static final Duration FEWER_VALID = Duration.ofDays(1);

  private final Path file;
  private final int processors;

  /**
   * @param cache Finch's cache directory
   * @param facts of the model, as far as its speed depends on them
   */
  MeasuredThreads(Path cache, EngineFacts facts, int processors) {
    this.processors = processors;
    EngineFacts.Weights weights = facts.weights();
    String release = facts.compute().library().replaceAll("[^A-Za-z0-9]+", "-");
    String model = weights.architecture() + "-" + weights.quantization() + "-" + weights.bytes();
    file = cache.resolve("threads").resolve("%s-%s-on-%d".formatted(release, model, processors));
  }

  /** What was measured lately, between 1 and {@code processors}; empty where nothing was. */
  OptionalInt known() {
    try {
      long age = System.currentTimeMillis() - Files.getLastModifiedTime(file).toMillis();
      int threads = Integer.parseInt(Files.readString(file).strip());
      Duration valid = threads < ThreadCount.most(processors) ? FEWER_VALID : VALID;
      boolean usable = age < valid.toMillis() && threads >= 1 && threads <= processors;
      return usable ? OptionalInt.of(threads) : OptionalInt.empty();
    } catch (IOException | NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  /**
   * Remembers, without a seal: whatever the file says is bounded. A file that cannot be written
   * costs the next load a second.
   */
  void remember(int threads) {
    try {
      CachedFile.at(file).write(part -> Files.writeString(part, threads + "\n"));
    } catch (IOException e) {
      LOG.debug("The measured thread count could not be written", e);
    }
  }
}
