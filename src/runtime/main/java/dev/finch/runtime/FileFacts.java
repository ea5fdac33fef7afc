package dev.finch.runtime;

import dev.finch.ModelListing;
import dev.finch.failure.FinchException;
import dev.finch.gguf.GgufModel;
import dev.finch.gguf.GgufReader;
import dev.finch.gguf.MetadataValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of model files say, read once for each state of a file. Blocks on the disk;
 * thread-safe.
 */
final class FileFacts {

  private static final int MOST = 512;

  /** The cache's blobs are named by the hash that the Hub gave: SHA-256 for large files. */
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  private record Key(Path file, long bytes, Instant modifiedAt) {}

  private record Known(ModelListing.@Nullable Details details) {}

  private final Map<Key, Known> known = new ConcurrentHashMap<>();

  /** Null where a file cannot be read, or is no GGUF file. */
  ModelListing.@Nullable Details of(List<Path> files) {
    try {
      Path first = files.getFirst().toRealPath();
      BasicFileAttributes attributes = Files.readAttributes(first, BasicFileAttributes.class);
      Key key = new Key(first, attributes.size(), attributes.lastModifiedTime().toInstant());
      if (known.size() >= MOST) {
        known.clear();
      }
      return known.computeIfAbsent(key, found -> new Known(read(files, found))).details();
    } catch (IOException e) {
      return null;
    }
  }

  private static ModelListing.@Nullable Details read(List<Path> files, Key key) {
    try {
      GgufModel model = new GgufModel(files.stream().map(GgufReader::read).toList());
      String name = key.file().getFileName().toString();
      return new ModelListing.Details(
          model.architecture(),
          model.parameters(),
          model.quantization(),
          model.config().contextLength(),
          SHA_256.matcher(name).matches() ? Optional.of(name) : Optional.empty(),
          Optional.of(key.modifiedAt()));
    } catch (FinchException e) {
      return null;
    }
  }

  /** What the header of a file says but for lists; empty where it cannot be read. */
  static Optional<Map<String, Object>> header(Path file) {
    Map<String, Object> header = new LinkedHashMap<>();
    try {
      GgufReader.read(file)
          .metadata()
          .forEach(
              (key, value) -> {
                switch (value) {
                  case MetadataValue.Whole whole -> header.put(key, whole.value());
                  case MetadataValue.Real real -> header.put(key, real.value());
                  case MetadataValue.Flag flag -> header.put(key, flag.value());
                  case MetadataValue.Text text -> header.put(key, text.value());
                  case MetadataValue.Array _ -> {}
                }
              });
    } catch (FinchException e) {
      return Optional.empty();
    }
    return Optional.of(header);
  }
}
