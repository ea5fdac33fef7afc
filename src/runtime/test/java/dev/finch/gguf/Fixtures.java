package dev.finch.gguf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Files to read, to write and to damage. */
final class Fixtures {

  private Fixtures() {}

  /** The model in Finch's jar. */
  static byte[] tinyChat() {
    try (InputStream in =
        Fixtures.class.getResourceAsStream("/dev/finch/models/tiny-chat-q8_0.gguf")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static GgufFile header(byte[] file) {
    return GgufReader.parse(MemorySegment.ofArray(file), "fixture.gguf", file.length);
  }

  static GgufModel checked(byte[] file) {
    return GgufValidator.check(new GgufModel(List.of(header(file))), Architectures.B4916);
  }

  /** The metadata of a model of one layer, with every type of value in it. */
  static Map<String, MetadataValue> metadata() {
    Map<String, MetadataValue> metadata = new LinkedHashMap<>();
    metadata.put("general.architecture", new MetadataValue.Text("llama"));
    metadata.put("llama.block_count", whole(1));
    metadata.put("llama.context_length", whole(64));
    metadata.put("llama.embedding_length", whole(8));
    metadata.put("llama.attention.head_count", whole(2));
    metadata.put("llama.attention.head_count_kv", whole(1));
    metadata.put("tokenizer.ggml.model", new MetadataValue.Text("gpt2"));
    metadata.put(
        "tokenizer.ggml.tokens",
        HeaderEncoder.texts(List.of("a", "b", "é", "c", "d", "e", "f", "g", "h", "i", "j", "k")));
    metadata.put(
        "tokenizer.ggml.token_type",
        HeaderEncoder.int32s(new int[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}));
    for (ValueType type : ValueType.values()) {
      metadata.put("test." + type, value(type));
    }
    return metadata;
  }

  private static MetadataValue value(ValueType type) {
    return switch (type) {
      case STRING -> new MetadataValue.Text("text");
      case BOOL -> new MetadataValue.Flag(true);
      case FLOAT32, FLOAT64 -> new MetadataValue.Real(type, 0.5);
      case ARRAY -> HeaderEncoder.int32s(new int[] {-1, 2, 3});
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 ->
          new MetadataValue.Whole(type, 100);
    };
  }

  static MetadataValue whole(long value) {
    return new MetadataValue.Whole(ValueType.UINT32, value);
  }

  /** Two tensors, one after the other. */
  static List<TensorInfo> tensors() {
    return List.of(
        new TensorInfo("token_embd.weight", TensorType.F32, List.of(8L, 3L), 0),
        new TensorInfo("output_norm.weight", TensorType.F32, List.of(8L), 96));
  }

  /** A file of this header, with zeros for data. */
  static byte[] file(Map<String, MetadataValue> metadata, List<TensorInfo> tensors) {
    ByteBuffer header = HeaderEncoder.encode(metadata, tensors);
    int dataOffset = (int) GgufFile.padded(header.remaining(), 32);
    byte[] file = new byte[dataOffset + 128];
    header.get(file, 0, header.remaining());
    return file;
  }

  /** A small file that is in order. */
  static byte[] file() {
    return file(metadata(), tensors());
  }
}
