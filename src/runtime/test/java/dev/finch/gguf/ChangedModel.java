package dev.finch.gguf;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The built-in model with other metadata: its tensors stay as they are. */
public final class ChangedModel {

  private final byte[] original = Fixtures.tinyChat();
  private final GgufFile header = Fixtures.header(original);
  private final Map<String, MetadataValue> metadata = new LinkedHashMap<>(header.metadata());

  /** Sets a text. */
  public ChangedModel text(String key, String value) {
    return put(key, new MetadataValue.Text(value));
  }

  /** Sets an unsigned number of 32 bits. */
  public ChangedModel whole(String key, long value) {
    return put(key, Fixtures.whole(value));
  }

  /** Sets a truth value. */
  public ChangedModel flag(String key, boolean value) {
    return put(key, new MetadataValue.Flag(value));
  }

  /** Sets a list of texts. */
  public ChangedModel texts(String key, List<String> values) {
    return put(key, HeaderEncoder.texts(values));
  }

  /** Sets a list of numbers. */
  public ChangedModel int32s(String key, int... values) {
    return put(key, HeaderEncoder.int32s(values));
  }

  /** Sets a list of floats, all the same. */
  public ChangedModel floats(String key, int count, float value) {
    byte[] encoded = new byte[count * Float.BYTES];
    ByteBuffer out = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      out.putFloat(value);
    }
    return put(
        key, new MetadataValue.Array(ValueType.FLOAT32, count, MemorySegment.ofArray(encoded)));
  }

  /** Sets whatever value. */
  public ChangedModel put(String key, MetadataValue value) {
    metadata.put(key, value);
    return this;
  }

  /** Says that it is of another architecture, with the same shape. */
  public ChangedModel architecture(String name) {
    String old = header.text("general.architecture").orElseThrow();
    for (String key : List.copyOf(metadata.keySet())) {
      if (key.startsWith(old + ".")) {
        metadata.put(name + key.substring(old.length()), metadata.remove(key));
      }
    }
    return text("general.architecture", name);
  }

  /** Leaves a key out. */
  public ChangedModel without(String key) {
    metadata.remove(key);
    return this;
  }

  /** The tokens as the file spells them. */
  public List<String> tokens() {
    return array("tokenizer.ggml.tokens").orElseThrow().texts();
  }

  /** A list as it stands now. */
  public Optional<MetadataValue.Array> array(String key) {
    return metadata.get(key) instanceof MetadataValue.Array array
        ? Optional.of(array)
        : Optional.empty();
  }

  /** The file's bytes. */
  public byte[] bytes() {
    ByteBuffer head = HeaderEncoder.encode(metadata, header.tensors());
    int dataOffset = (int) GgufFile.padded(head.remaining(), 32);
    int from = (int) header.dataOffset();
    byte[] file = new byte[dataOffset + original.length - from];
    head.get(file, 0, head.remaining());
    System.arraycopy(original, from, file, dataOffset, original.length - from);
    return file;
  }

  /** Writes the file. */
  public Path write(Path file) throws IOException {
    return Files.write(file, bytes());
  }
}
