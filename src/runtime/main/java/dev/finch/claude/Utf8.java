package dev.finch.claude;

/** UTF-8 without making it. */
final class Utf8 {

  private Utf8() {}

  /** The bytes of a text of whole code points. */
  static long length(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }
}
