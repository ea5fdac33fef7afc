package dev.finch.jinja;

/**
 * A piece of a template.
 *
 * @param text the operator, the name, or the text of a string or of data
 * @param value the number of a number
 * @param at its offset in the source
 */
record Token(Type type, String text, Object value, int at) {

  enum Type {
    DATA,
    BLOCK_BEGIN,
    BLOCK_END,
    VARIABLE_BEGIN,
    VARIABLE_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean is(Type wanted) {
    return type == wanted;
  }

  boolean isOperator(String operator) {
    return type == Type.OPERATOR && text.equals(operator);
  }

  boolean isName(String name) {
    return type == Type.NAME && text.equals(name);
  }

  /** For people. */
  String describe() {
    return switch (type) {
      case DATA -> "template data / text";
      case BLOCK_BEGIN -> "begin of statement block";
      case BLOCK_END -> "end of statement block";
      case VARIABLE_BEGIN -> "begin of print statement";
      case VARIABLE_END -> "end of print statement";
      case NAME, OPERATOR -> text;
      case STRING -> "string";
      case INTEGER -> "integer";
      case FLOAT -> "float";
      case END -> "end of template";
    };
  }
}
