package dev.finch.jinja;

/**
 * What stands for a name, an item or an attribute that there is not: empty text, false, an empty
 * list; every other use of it fails.
 *
 * @param message why it is not there
 */
record Undefined(String message) {

  static Undefined name(String name) {
    return new Undefined("'" + name + "' is undefined");
  }

  static Undefined member(Object object, Object key) {
    String type = object instanceof None ? "None" : Values.type(object) + " object";
    return new Undefined(
        key instanceof String name
            ? "'" + type + "' has no attribute '" + name + "'"
            : type + " has no such element");
  }

  static Undefined unsafe(Object object, String name) {
    return new Undefined(
        "access to attribute '" + name + "' of '" + Values.type(object) + "' object is unsafe.");
  }
}
