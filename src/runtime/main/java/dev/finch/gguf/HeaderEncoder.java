package dev.finch.gguf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** The bytes of a header. */
final class HeaderEncoder {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private HeaderEncoder() {}

  static ByteBuffer encode(Map<String, MetadataValue> metadata, List<TensorInfo> tensors) {
    HeaderEncoder encoder = new HeaderEncoder();
    encoder.number(GgufReader.MAGIC, Integer.BYTES);
    encoder.number(3, Integer.BYTES);
    encoder.number(tensors.size(), Long.BYTES);
    encoder.number(metadata.size(), Long.BYTES);
    metadata.forEach(encoder::pair);
    tensors.forEach(encoder::tensor);
    return ByteBuffer.wrap(encoder.out.toByteArray());
  }

  static MetadataValue.Array texts(List<String> values) {
    HeaderEncoder encoder = new HeaderEncoder();
    values.forEach(encoder::text);
    return encoder.array(ValueType.STRING, values.size());
  }

  static MetadataValue.Array int32s(int[] values) {
    HeaderEncoder encoder = new HeaderEncoder();
    for (int value : values) {
      encoder.number(value, Integer.BYTES);
    }
    return encoder.array(ValueType.INT32, values.length);
  }

  private MetadataValue.Array array(ValueType elementType, int count) {
    return new MetadataValue.Array(elementType, count, MemorySegment.ofArray(out.toByteArray()));
  }

  private void pair(String key, MetadataValue value) {
    text(key);
    number(value.type().number(), Integer.BYTES);
    switch (value) {
      case MetadataValue.Whole(ValueType type, long whole) -> number(whole, type.size());
      case MetadataValue.Flag(boolean flag) -> number(flag ? 1 : 0, 1);
      case MetadataValue.Text(String text) -> text(text);
      case MetadataValue.Real(ValueType type, double real) ->
          number(
              type == ValueType.FLOAT32
                  ? Float.floatToRawIntBits((float) real)
                  : Double.doubleToRawLongBits(real),
              type.size());
      case MetadataValue.Array(ValueType elementType, int count, MemorySegment encoded) -> {
        number(elementType.number(), Integer.BYTES);
        number(count, Long.BYTES);
        out.writeBytes(encoded.toArray(JAVA_BYTE));
      }
    }
  }

  private void tensor(TensorInfo tensor) {
    text(tensor.name());
    number(tensor.shape().size(), Integer.BYTES);
    tensor.shape().forEach(dimension -> number(dimension, Long.BYTES));
    number(tensor.type().number(), Integer.BYTES);
    number(tensor.offset(), Long.BYTES);
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    number(bytes.length, Long.BYTES);
    out.writeBytes(bytes);
  }

  private void number(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >>> (8 * i)));
    }
  }
}
