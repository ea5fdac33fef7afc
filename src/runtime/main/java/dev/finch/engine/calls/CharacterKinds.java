package dev.finch.engine.calls;

/** Kinds of characters. */
final class CharacterKinds {

  private CharacterKinds() {}

  /** What JSON takes for white space. */
  static boolean isBlank(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  /** What the name of a function is made of. */
  static boolean isName(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-'
        || c == '.'
        || c == ':'
        || c == '/';
  }
}
