package dev.finch.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread counts that were measured on this machine, one small file for each kind of model. They are
 * measured again after a week: the machine may have been busy, or may have changed.
 */
final class MeasuredThreads {

  private static final Logger LOG = LoggerFactory.getLogger(MeasuredThreads.class);

  private static final Duration VALID = Duration.ofDays(7);

  private final Path file;
  private final int processors;

  /**
   * @param cache Finch's cache directory
   * @param facts of the model, as far as its speed depends on them
   */
  MeasuredThreads(Path cache, EngineFacts facts, int processors) {
    this.processors = processors;
    String release = facts.library().replaceAll("[^A-Za-z0-9]+", "-");
    String model = facts.architecture() + "-" + facts.quantization() + "-" + facts.weightBytes();
    file = cache.resolve("threads").resolve("%s-%s-on-%d".formatted(release, model, processors));
  }

  /** What was measured lately, between 1 and {@code processors}; empty where nothing was. */
  OptionalInt known() {
    try {
      long age = System.currentTimeMillis() - Files.getLastModifiedTime(file).toMillis();
      int threads = Integer.parseInt(Files.readString(file).strip());
      boolean usable = age < VALID.toMillis() && threads >= 1 && threads <= processors;
      return usable ? OptionalInt.of(threads) : OptionalInt.empty();
    } catch (IOException | NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  /** Remembers; a file that cannot be written costs the next load a second. */
  void remember(int threads) {
    try {
      CachedFile.at(file).write(part -> Files.writeString(part, threads + "\n"));
    } catch (IOException e) {
      LOG.debug("The measured thread count could not be written", e);
    }
  }
}
