package dev.finch.gguf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** A position in a header that never moves beyond its end. */
final class Cursor {

  private final MemorySegment header;
  private final String file;
  private long at;

  Cursor(MemorySegment header, String file) {
    this.header = header;
    this.file = file;
  }

  long position() {
    return at;
  }

  long remaining() {
    return header.byteSize() - at;
  }

  int int32(String what) {
    require(Integer.BYTES, what);
    int value = header.get(LittleEndian.INT32, at);
    at += Integer.BYTES;
    return value;
  }

  long int64(String what) {
    require(Long.BYTES, what);
    long value = header.get(LittleEndian.INT64, at);
    at += Long.BYTES;
    return value;
  }

  long whole(ValueType type, String what) {
    require(type.size(), what);
    long value = LittleEndian.whole(header, at, type);
    at += type.size();
    return value;
  }

  double real(ValueType type, String what) {
    require(type.size(), what);
    double value = LittleEndian.real(header, at, type);
    at += type.size();
    return value;
  }

  String text(long longest, String what) {
    long length = length(longest, what);
    byte[] bytes = header.asSlice(at, length).toArray(JAVA_BYTE);
    at += length;
    return new String(bytes, StandardCharsets.UTF_8);
  }

  void skipText(long longest, String what) {
    long length = length(longest, what);
    at += length;
  }

  void skip(long bytes, String what) {
    require(bytes, what);
    at += bytes;
  }

  /** A copy on the heap of what lies between {@code from} and the position. */
  MemorySegment copyFrom(long from) {
    return MemorySegment.ofArray(header.asSlice(from, at - from).toArray(JAVA_BYTE));
  }

  private long length(long longest, String what) {
    long length = int64("the length of " + what);
    if (length < 0 || length > longest) {
      throw GgufFailures.file(
          file,
          what + " has a length of " + Long.toUnsignedString(length),
          "at most " + longest + " bytes");
    }
    require(length, what);
    return length;
  }

  private void require(long bytes, String what) {
    if (bytes < 0 || bytes > remaining()) {
      throw GgufFailures.file(
          file,
          "the header ends at byte " + header.byteSize() + " inside " + what,
          bytes + " bytes more from byte " + at);
    }
  }
}
