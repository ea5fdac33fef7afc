package dev.finch.download;

/**
 * A piece of a file.
 *
 * @param from its first byte
 * @param to the byte after its last one
 */
record ByteRange(long from, long to) {

  ByteRange {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("range: " + from + ".." + to);
    }
  }

  long length() {
    return to - from;
  }

  /** As a {@code Range} header asks for it. */
  String header() {
    return "bytes=" + from + "-" + (to - 1);
  }
}
