package dev.finch.gguf;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * One entry of a file's tensor table.
 *
 * @param name at most 63 bytes, unique in its set
 * @param type how its elements are stored
 * @param shape 1 to 4 dimensions, the contiguous one first
 * @param offset where its data begins, counted from the start of the file's tensor data
 */
public record TensorInfo(String name, TensorType type, List<Long> shape, long offset) {

  public TensorInfo {
    requireNonNull(name, "name");
    requireNonNull(type, "type");
    shape = List.copyOf(shape);
  }

  /** Elements; the reader made sure that they can be counted. */
  public long elements() {
    long product = 1;
    for (long dimension : shape) {
      product = Math.multiplyExact(product, dimension);
    }
    return product;
  }

  /** Bytes of its data, without the padding that follows. */
  public long bytes() {
    return type.bytes(elements());
  }
}
