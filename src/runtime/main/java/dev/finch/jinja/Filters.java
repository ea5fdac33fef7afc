package dev.finch.jinja;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What stands behind {@code |}. */
final class Filters {

  private static final Set<String> ALL =
      Set.of(
          "abs",
          "attr",
          "batch",
          "capitalize",
          "center",
          "count",
          "d",
          "default",
          "dictsort",
          "e",
          "escape",
          "filesizeformat",
          "first",
          "float",
          "forceescape",
          "format",
          "groupby",
          "indent",
          "int",
          "join",
          "last",
          "length",
          "list",
          "lower",
          "items",
          "map",
          "min",
          "max",
          "pprint",
          "random",
          "reject",
          "rejectattr",
          "replace",
          "reverse",
          "round",
          "safe",
          "select",
          "selectattr",
          "slice",
          "sort",
          "string",
          "striptags",
          "sum",
          "title",
          "trim",
          "truncate",
          "unique",
          "upper",
          "urlencode",
          "urlize",
          "wordcount",
          "wordwrap",
          "xmlattr",
          "tojson");

  private Filters() {}

  static boolean exists(String name) {
    return ALL.contains(name);
  }

  static Object apply(Rendering rendering, String name, Object value, Arguments arguments) {
    return switch (name) {
      case "tojson" -> PythonJson.filter(rendering, value, arguments);
      case "default", "d" -> otherwise(rendering, value, arguments);
      case "length", "count" -> {
        arguments.bind(rendering, name, 0);
        int length = Values.length(value);
        if (length < 0) {
          throw rendering.error("object of type '" + Values.type(value) + "' has no len()");
        }
        if (value instanceof String text) {
          rendering.characters(text.length());
        }
        yield (long) length;
      }
      case "attr" -> {
        Object attribute = given(arguments.bind(rendering, name, 1, "name")[0]);
        String wanted = Texts.string(rendering, attribute, "an attribute's name");
        Object own = Access.own(rendering, value, wanted);
        yield own == null ? Undefined.member(value, wanted) : own;
      }
      case "string" -> {
        arguments.bind(rendering, name, 0);
        yield value instanceof Markup ? value : Texts.str(rendering, value);
      }
      case "abs", "float", "int", "round", "filesizeformat" ->
          NumberFilters.apply(rendering, name, value, arguments);
      case "batch",
          "dictsort",
          "first",
          "groupby",
          "items",
          "last",
          "list",
          "map",
          "max",
          "min",
          "random",
          "reject",
          "rejectattr",
          "reverse",
          "select",
          "selectattr",
          "slice",
          "sort",
          "sum",
          "unique" ->
          SequenceFilters.apply(rendering, name, value, arguments);
      case "e", "escape", "forceescape", "safe", "striptags", "urlencode", "urlize", "xmlattr" ->
          HtmlFilters.apply(rendering, name, value, arguments);
      default -> {
        if (!exists(name)) {
          throw rendering.error("No filter named '" + name + "' found.");
        }
        yield TextFilters.apply(rendering, name, value, arguments);
      }
    };
  }

  static Object given(@Nullable Object value) {
    return value == null ? None.NONE : value;
  }

  private static Object otherwise(Rendering rendering, Object value, Arguments arguments) {
    @Nullable Object[] values = arguments.bind(rendering, "default", 0, "default_value", "boolean");
    boolean replace =
        value instanceof Undefined
            || (values[1] != null && Values.truth(values[1]) && !Values.truth(value));
    return replace ? (values[0] == null ? "" : values[0]) : value;
  }

  /** A list that nobody changes. */
  static Object list(List<Object> items) {
    return new SequenceValue.ListValue(items);
  }

  /** Whether it was given and is true. */
  static boolean is(@Nullable Object value) {
    return value != null && Values.truth(value);
  }

  /** Whether it was given and is not None. */
  static boolean isGiven(@Nullable Object value) {
    return value != null && !(value instanceof None);
  }
}
