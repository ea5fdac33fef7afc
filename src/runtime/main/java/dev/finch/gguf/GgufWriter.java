package dev.finch.gguf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes GGUF files, version 3, in memory bounded by the header: tensor data is asked for and
 * written run by run, on all processors. Not thread-safe itself.
 */
public final class GgufWriter {

  private final Map<String, MetadataValue> metadata = new LinkedHashMap<>();
  private final List<PendingTensor> tensors = new ArrayList<>();

  /** Sets a metadata value; a later one of the same key replaces it. */
  public GgufWriter put(String key, MetadataValue value) {
    metadata.put(key, value);
    return this;
  }

  public GgufWriter text(String key, String value) {
    return put(key, new MetadataValue.Text(value));
  }

  public GgufWriter uint32(String key, long value) {
    return put(key, new MetadataValue.Whole(ValueType.UINT32, value));
  }

  public GgufWriter int32(String key, int value) {
    return put(key, new MetadataValue.Whole(ValueType.INT32, value));
  }

  public GgufWriter float32(String key, double value) {
    return put(key, new MetadataValue.Real(ValueType.FLOAT32, value));
  }

  public GgufWriter flag(String key, boolean value) {
    return put(key, new MetadataValue.Flag(value));
  }

  public GgufWriter texts(String key, List<String> values) {
    return put(key, HeaderEncoder.texts(values));
  }

  public GgufWriter int32s(String key, int[] values) {
    return put(key, HeaderEncoder.int32s(values));
  }

  /**
   * Appends a tensor.
   *
   * @param shape 1 to 4 dimensions, the contiguous one first
   */
  public GgufWriter tensor(String name, TensorType type, List<Long> shape, TensorData data) {
    tensors.add(new PendingTensor(name, type, List.copyOf(shape), data));
    return this;
  }

  /** The size that the file will have. */
  public long fileBytes() {
    return FileWriter.Layout.of(metadata, tensors).fileBytes();
  }

  /** Writes one file, which must not exist yet. Blocking. */
  public void write(Path file) throws IOException {
    FileWriter.write(file, metadata, tensors);
  }

  /**
   * Writes a split set as llama.cpp's gguf-split does: metadata in the first part, an equal share
   * of the tensors in each. Blocking.
   *
   * @return the parts in order
   */
  public List<Path> writeSplit(Path directory, String prefix, int parts) throws IOException {
    List<Path> files = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      Map<String, MetadataValue> header = new LinkedHashMap<>(part == 0 ? metadata : Map.of());
      header.put("split.no", new MetadataValue.Whole(ValueType.UINT16, part));
      header.put("split.tensors.count", new MetadataValue.Whole(ValueType.INT32, tensors.size()));
      header.put("split.count", new MetadataValue.Whole(ValueType.UINT16, parts));
      Path file = directory.resolve(SplitSet.partName(prefix, part + 1, parts));
      FileWriter.write(
          file,
          header,
          tensors.subList(tensors.size() * part / parts, tensors.size() * (part + 1) / parts));
      files.add(file);
    }
    return files;
  }

  /** A tensor that waits to be written. */
  record PendingTensor(String name, TensorType type, List<Long> shape, TensorData data) {
    TensorInfo at(long offset) {
      return new TensorInfo(name, type, shape, offset);
    }
  }
}
