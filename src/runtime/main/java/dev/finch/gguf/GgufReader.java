package dev.finch.gguf;

import dev.finch.failure.FinchException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the header of a GGUF file: everything before the tensor data.
 *
 * <p>Whatever the bytes are, reading ends after at most {@link #MAX_HEADER_BYTES} of them, takes no
 * more memory than a small multiple of the header's true length, and either gives a {@link
 * GgufFile} or throws {@link FinchException} with {@code MODEL_FILE_INVALID}.
 */
public final class GgufReader {

  /** The longest header read; a vocabulary of 262,144 tokens with its merges takes about 16 MB. */
  public static final long MAX_HEADER_BYTES = 64L << 20;

  static final int MAGIC = 0x46554747;

  private static final long MAX_PAIRS = 1 << 16;
  private static final long MAX_TENSORS = 1 << 17;
  private static final long MAX_KEY_BYTES = 65_535;
  private static final long MAX_TENSOR_NAME_BYTES = 63;
  private static final int MAX_DIMENSIONS = 4;
  private static final int DEFAULT_ALIGNMENT = 32;

  private final Cursor in;
  private final String file;
  private final long fileBytes;

  private GgufReader(MemorySegment header, String file, long fileBytes) {
    this.in = new Cursor(header, file);
    this.file = file;
    this.fileBytes = fileBytes;
  }

  /**
   * Reads the header of one file. Blocking.
   *
   * @throws FinchException where the file cannot be read or is not well formed
   */
  public static GgufFile read(Path path) {
    if (!Files.exists(path)) {
      throw GgufFailures.missing(path.toString());
    }
    // Opening a pipe would wait for its writer, and a device may do anything.
    if (!Files.isRegularFile(path)) {
      throw GgufFailures.noFile(path);
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      long size = channel.size();
      MemorySegment header =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(size, MAX_HEADER_BYTES), arena);
      return parse(header, path.toString(), size);
    } catch (IOException | InternalError e) {
      // InternalError: the file shrank, or its disk failed, while it was mapped.
      throw GgufFailures.unreadable(path.toString(), e);
    }
  }

  /**
   * Reads a header that lies in memory.
   *
   * @param header the file's first bytes
   * @param file what to call it in messages
   * @param fileBytes length of the whole file
   */
  public static GgufFile parse(MemorySegment header, String file, long fileBytes) {
    return new GgufReader(header, file, fileBytes).file();
  }

  private GgufFile file() {
    int version = version();
    long tensorCount = count("tensors", MAX_TENSORS);
    long pairCount = count("metadata values", MAX_PAIRS);
    Map<String, MetadataValue> metadata = metadata(pairCount);
    int alignment = alignment(metadata);
    List<TensorInfo> tensors = tensors(tensorCount);
    long dataOffset = GgufFile.padded(in.position(), alignment);
    return new GgufFile(file, version, metadata, tensors, alignment, dataOffset, fileBytes);
  }

  private int version() {
    int magic = in.int32("the magic number");
    if (magic != MAGIC) {
      // What else it begins with is not told: the file may be anybody's.
      throw GgufFailures.file(file, "it is no GGUF file", "'GGUF' at its beginning");
    }
    int version = in.int32("the version");
    if (version != 2 && version != 3) {
      throw GgufFailures.file(file, "GGUF version " + Integer.toUnsignedString(version), "2 or 3");
    }
    return version;
  }

  private long count(String what, long most) {
    long count = in.int64("the number of " + what);
    if (count < 0 || count > most) {
      throw GgufFailures.file(file, Long.toUnsignedString(count) + " " + what, "at most " + most);
    }
    return count;
  }

  private Map<String, MetadataValue> metadata(long count) {
    Map<String, MetadataValue> metadata = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      String key = in.text(MAX_KEY_BYTES, "the key of metadata value " + i);
      if (metadata.putIfAbsent(key, value(key)) != null) {
        throw GgufFailures.file(file, "the key '" + brief(key) + "' twice", "each key once");
      }
    }
    return metadata;
  }

  private MetadataValue value(String key) {
    String what = "the value of '" + brief(key) + "'";
    ValueType type = valueType(what);
    return switch (type) {
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 ->
          new MetadataValue.Whole(type, in.whole(type, what));
      case FLOAT32, FLOAT64 -> new MetadataValue.Real(type, in.real(type, what));
      case BOOL -> new MetadataValue.Flag(in.whole(type, what) != 0);
      case STRING -> new MetadataValue.Text(in.text(MAX_HEADER_BYTES, what));
      case ARRAY -> array(what);
    };
  }

  private ValueType valueType(String what) {
    int number = in.int32("the type of " + what);
    return ValueType.of(number)
        .orElseThrow(
            () ->
                GgufFailures.file(
                    file,
                    what + " has type " + Integer.toUnsignedString(number),
                    "a type from 0 to 12"));
  }

  private MetadataValue.Array array(String what) {
    ValueType elementType = valueType(what);
    if (elementType == ValueType.ARRAY) {
      throw GgufFailures.file(file, what + " is an array of arrays", "an array of plain values");
    }
    long count = in.int64("the length of " + what);
    int leastBytes = elementType == ValueType.STRING ? Long.BYTES : elementType.size();
    if (count < 0 || count > in.remaining() / leastBytes) {
      throw GgufFailures.file(
          file,
          what + " has " + Long.toUnsignedString(count) + " elements",
          "no more than the " + in.remaining() + " bytes left can hold");
    }
    long from = in.position();
    if (elementType == ValueType.STRING) {
      for (long i = 0; i < count; i++) {
        in.skipText(MAX_HEADER_BYTES, what);
      }
    } else {
      in.skip(count * elementType.size(), what);
    }
    return new MetadataValue.Array(elementType, (int) count, in.copyFrom(from));
  }

  private int alignment(Map<String, MetadataValue> metadata) {
    MetadataValue value = metadata.get("general.alignment");
    if (value == null) {
      return DEFAULT_ALIGNMENT;
    }
    if (value instanceof MetadataValue.Whole(ValueType type, long bytes)
        && type == ValueType.UINT32
        && bytes > 0
        && bytes <= 1 << 20
        && Long.bitCount(bytes) == 1) {
      return (int) bytes;
    }
    throw GgufFailures.file(
        file, "general.alignment is " + brief(shown(value)), "a UINT32 power of two");
  }

  private static String shown(MetadataValue value) {
    return switch (value) {
      case MetadataValue.Whole(ValueType type, long whole) -> whole + " (" + type + ")";
      case MetadataValue.Real(ValueType type, double real) -> real + " (" + type + ")";
      case MetadataValue.Text(String text) -> "'" + text + "'";
      case MetadataValue other -> "a value of type " + other.type();
    };
  }

  private List<TensorInfo> tensors(long count) {
    List<TensorInfo> tensors = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (long i = 0; i < count; i++) {
      TensorInfo tensor = tensor(i);
      if (!names.add(tensor.name())) {
        throw GgufFailures.file(
            file, "the tensor '" + tensor.name() + "' twice", "each tensor once");
      }
      tensors.add(tensor);
    }
    return tensors;
  }

  private TensorInfo tensor(long index) {
    String name = in.text(MAX_TENSOR_NAME_BYTES, "the name of tensor " + index);
    String what = "tensor '" + name + "'";
    int dimensions = in.int32("the dimensions of " + what);
    if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
      throw GgufFailures.file(
          file, what + " has " + Integer.toUnsignedString(dimensions) + " dimensions", "1 to 4");
    }
    List<Long> shape = new ArrayList<>(dimensions);
    for (int i = 0; i < dimensions; i++) {
      shape.add(in.int64("the dimensions of " + what));
    }
    TensorType type = tensorType(in.int32("the type of " + what), what);
    long offset = in.int64("the offset of " + what);
    requireCountable(what, type, shape);
    return new TensorInfo(name, type, shape, offset);
  }

  private TensorType tensorType(int number, String what) {
    return TensorType.of(number)
        .orElseThrow(
            () ->
                GgufFailures.file(
                    file,
                    what + " has type " + Integer.toUnsignedString(number),
                    "a tensor type of llama.cpp b4916"));
  }

  private void requireCountable(String what, TensorType type, List<Long> shape) {
    long elements = 1;
    for (long dimension : shape) {
      if (dimension <= 0 || dimension > Long.MAX_VALUE / 16 / elements) {
        throw GgufFailures.file(
            file, what + " has the shape " + shape, "dimensions above 0 that fit");
      }
      elements *= dimension;
    }
    if (shape.getFirst() % type.blockElements() != 0) {
      throw GgufFailures.file(
          file,
          what + " of type " + type + " has rows of " + shape.getFirst(),
          "a multiple of " + type.blockElements());
    }
  }

  private static String brief(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
