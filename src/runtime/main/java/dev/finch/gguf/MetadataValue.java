package dev.finch.gguf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.util.Objects.requireNonNull;

import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A value of a file's metadata. */
public sealed interface MetadataValue {

  /** Its type in the file. */
  ValueType type();

  /** Any integer type; UINT64 values above 2<sup>63</sup> read as negative. */
  record Whole(ValueType type, long value) implements MetadataValue {
    public Whole {
      requireNonNull(type, "type");
    }
  }

  /** FLOAT32 or FLOAT64. */
  record Real(ValueType type, double value) implements MetadataValue {
    public Real {
      requireNonNull(type, "type");
    }
  }

  /** A truth value. */
  record Flag(boolean value) implements MetadataValue {
    @Override
    public ValueType type() {
      return ValueType.BOOL;
    }
  }

  /** A text; bytes that are not UTF-8 were replaced. */
  record Text(String value) implements MetadataValue {
    public Text {
      requireNonNull(value, "value");
    }

    @Override
    public ValueType type() {
      return ValueType.STRING;
    }
  }

  /**
   * An array, kept as its encoded elements: a vocabulary of 150,000 texts costs nothing until it is
   * asked for, and is copied to another file byte for byte.
   *
   * @param elementType never ARRAY: llama.cpp has no nested arrays
   * @param count elements
   * @param encoded the elements as they stand in the file, read only
   */
  record Array(ValueType elementType, int count, MemorySegment encoded) implements MetadataValue {
    public Array {
      requireNonNull(elementType, "elementType");
      encoded = encoded.asReadOnly();
    }

    @Override
    public ValueType type() {
      return ValueType.ARRAY;
    }

    /** The elements of an array of texts. */
    public List<String> texts() {
      return texts(StandardCharsets.UTF_8);
    }

    /** {@link #texts()} of another encoding; ISO 8859-1 keeps every byte apart. */
    List<String> texts(Charset encoding) {
      List<String> texts = new ArrayList<>(count);
      long at = 0;
      for (int i = 0; i < count; i++) {
        long length = encoded.get(LittleEndian.INT64, at);
        byte[] bytes = encoded.asSlice(at + Long.BYTES, length).toArray(JAVA_BYTE);
        texts.add(new String(bytes, encoding));
        at += Long.BYTES + length;
      }
      return texts;
    }

    /** The elements of an array of whole numbers or truth values. */
    public long[] wholes() {
      long[] wholes = new long[count];
      for (int i = 0; i < count; i++) {
        wholes[i] = LittleEndian.whole(encoded, (long) i * elementType.size(), elementType);
      }
      return wholes;
    }

    /** The elements of an array of FLOAT32 or FLOAT64. */
    public double[] reals() {
      double[] reals = new double[count];
      for (int i = 0; i < count; i++) {
        reals[i] = LittleEndian.real(encoded, (long) i * elementType.size(), elementType);
      }
      return reals;
    }
  }
}
