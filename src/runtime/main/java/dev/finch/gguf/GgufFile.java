package dev.finch.gguf;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The header of one GGUF file. Immutable.
 *
 * @param file how messages name the file
 * @param version 2 or 3
 * @param metadata keys and values in the file's order
 * @param tensors the tensor table in the file's order
 * @param alignment what every tensor's offset is a multiple of
 * @param dataOffset where the tensor data begins
 * @param fileBytes length of the whole file
 */
public record GgufFile(
    String file,
    int version,
    Map<String, MetadataValue> metadata,
    List<TensorInfo> tensors,
    int alignment,
    long dataOffset,
    long fileBytes) {

  public GgufFile {
    requireNonNull(file, "file");
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    tensors = List.copyOf(tensors);
  }

  /** The text under a key; empty where the key is absent or no text. */
  public Optional<String> text(String key) {
    return metadata.get(key) instanceof MetadataValue.Text(String value)
        ? Optional.of(value)
        : Optional.empty();
  }

  /** The whole number under a key; empty where the key is absent or no whole number. */
  public OptionalLong whole(String key) {
    return metadata.get(key) instanceof MetadataValue.Whole(ValueType _, long value)
        ? OptionalLong.of(value)
        : OptionalLong.empty();
  }

  /** The array under a key; empty where the key is absent or no array. */
  public Optional<MetadataValue.Array> array(String key) {
    return metadata.get(key) instanceof MetadataValue.Array array
        ? Optional.of(array)
        : Optional.empty();
  }

  static long padded(long position, int alignment) {
    return (position + alignment - 1) / alignment * alignment;
  }
}
