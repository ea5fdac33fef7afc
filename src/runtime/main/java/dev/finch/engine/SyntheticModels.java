package dev.finch.engine;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.gguf.GgufFile;
import dev.finch.gguf.GgufReader;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelConfig;
import dev.finch.model.ModelSpec;
import dev.finch.platform.CachedFile;
import dev.finch.platform.JarResource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Models that Finch makes itself: the built-in one out of its jar, and those with random weights.
 *
 * <p>Thread-safe, also between processes: a file appears under its name complete or not at all, its
 * name says its content, and a second writer replaces it by the same bytes.
 */
public final class SyntheticModels {

  private static final String BUILT_IN = "/dev/finch/models/tiny-chat-q8_0.gguf";

  /** Part of a random model's name: to be raised whenever the same seed would give other bytes. */
  private static final int GENERATION = 1;

  private static final String WHERE_FULL =
      "Free some space, or set finch.directories.cache to a directory on another disk.";

  private static final String WHERE_NOT_OURS =
      "Set finch.directories.cache to a directory of your own, or give this one to the user that"
          + " runs Finch.";

  private SyntheticModels() {}

  /**
   * Gives the model's file, written into {@code cacheDirectory/models} where it is not there yet.
   * Blocking; 0.5 G weights take seconds.
   *
   * @param spec of origin {@link ModelSpec.Origin.BuiltIn} or {@link ModelSpec.Origin.Random}
   * @throws FinchException with {@link FailureCode#CACHE_UNUSABLE} where the file cannot be written
   *     and {@link FailureCode#BAD_REQUEST} for a shape that cannot be
   */
  public static LocalModel materialize(ModelSpec spec, Path cacheDirectory) {
    Path directory = cacheDirectory.resolve("models");
    Path file =
        switch (spec.origin()) {
          case ModelSpec.Origin.BuiltIn() -> builtIn(directory);
          case ModelSpec.Origin.Random(ModelConfig config, long seed) ->
              random(config, seed, directory);
          case ModelSpec.Origin.Hub _, ModelSpec.Origin.LocalFile _ ->
              throw new IllegalArgumentException(spec.origin() + " (expected: built in or random)");
        };
    return new LocalModel(spec, List.of(file), null);
  }

  private static Path builtIn(Path directory) {
    JarResource content = builtInResource();
    Path file = directory.resolve("builtin-" + content.name() + ".gguf");
    return written(file, content.length(), content::writeTo);
  }

  private static Path random(ModelConfig config, long seed, Path directory) {
    JarResource builtIn = builtInResource();
    String identity = GENERATION + " " + builtIn.name() + " " + config + " " + seed;
    String name =
        "random-%dx%d-%s.gguf"
            .formatted(
                config.layers(),
                config.embeddingLength(),
                key(identity.getBytes(StandardCharsets.UTF_8)));
    var writer = RandomModel.of(config, seed, header(bytes(builtIn)));
    return written(directory.resolve(name), writer.fileBytes(), writer::write);
  }

  private static Path written(Path file, long size, CachedFile.Content content) {
    try {
      return CachedFile.at(file).orWritten(content);
    } catch (IOException e) {
      throw new FinchException(
          Failure.of(
              FailureCode.CACHE_UNUSABLE,
              Failure.sentence(file + " (" + size + " bytes) cannot be written: " + e.getMessage()),
              isFull(e) ? WHERE_FULL : WHERE_NOT_OURS,
              isFull(e)),
          e);
    }
  }

  // Space may be freed; a directory that cannot be made or written stays so.
  private static boolean isFull(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("No space left") || message.contains("quota exceeded");
  }

  private static GgufFile header(byte[] model) {
    return GgufReader.parse(MemorySegment.ofArray(model), BUILT_IN, model.length);
  }

  private static JarResource builtInResource() {
    return read(() -> JarResource.of(SyntheticModels.class, BUILT_IN));
  }

  private static byte[] bytes(JarResource resource) {
    return read(resource::bytes);
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  private static <T> T read(Reading<T> reading) {
    try {
      return reading.read();
    } catch (IOException e) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.INTERNAL, "The built-in model cannot be read: " + e + ".", null),
          e);
    }
  }

  private static String key(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
