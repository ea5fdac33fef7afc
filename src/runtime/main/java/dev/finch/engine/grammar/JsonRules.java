package dev.finch.engine.grammar;

/**
 * JSON in GBNF. White space is short, since a model could otherwise write nothing else for ever,
 * and a number has digits enough for a double but not for infinity.
 */
final class JsonRules {

  static final String HEX = "[0-9a-fA-F]";

  private final Rules rules;

  JsonRules(Rules rules) {
    this.rules = rules;
  }

  String space() {
    return rules.define("ws", "(\" \" | \"\\n\" [ ]{0,20})?");
  }

  /** One code point of a string. Escaped surrogates are left out: they would count as two. */
  String character() {
    return rules.define(
        "char",
        "[^\"\\\\\\x00-\\x1F\\x7F] | \"\\\\\" ([\"\\\\/bfnrt] | \"u\" ([0-9a-cA-CefEF] "
            + HEX
            + "{3} | [dD] [0-7] "
            + HEX
            + "{2}))");
  }

  String string() {
    return rules.define("string", "\"\\\"\" " + character() + "* \"\\\"\"");
  }

  String integer() {
    return rules.define("integer", "\"-\"? (\"0\" | [1-9] [0-9]{0,15})");
  }

  String number() {
    return rules.define("number", integer() + " (\".\" [0-9]{1,16})? ([eE] [-+]? [0-9]{1,2})?");
  }

  String truth() {
    return rules.define("boolean", "\"true\" | \"false\"");
  }

  String value() {
    return rules.define(
        "value",
        "any-object | any-array | %s | %s | %s | \"null\"".formatted(string(), number(), truth()));
  }

  /** Any object; defined before {@link #value()}, which refers to it. */
  String object() {
    return "any-object";
  }

  String array() {
    return "any-array";
  }

  /** Defines the rules that refer to each other. */
  void prepare() {
    String object = rules.reserve("any-object");
    String array = rules.reserve("any-array");
    String value = value();
    rules.fill(object, braces(string() + " \":\" " + space() + " " + value));
    rules.fill(array, brackets(value));
  }

  /** Any number of members. */
  String braces(String member) {
    return "\"{\" %1$s (%2$s (\",\" %1$s %2$s)* %1$s)? \"}\"".formatted(space(), member);
  }

  private String brackets(String item) {
    return "\"[\" %1$s (%2$s (\",\" %1$s %2$s)* %1$s)? \"]\"".formatted(space(), item);
  }
}
