package dev.finch.engine.text;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.AdvancedFilter;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.lib.filter.FilterLibrary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The filters and tests that templates may use. Some the library lacks or defines otherwise than
 * Jinja does; of its own, only those are allowed that cannot grow a small value into a huge one.
 */
final class TemplateFilters {

  private static final Set<String> ALLOWED_FILTERS =
      Set.of(
          "abs",
          "attr",
          "bool",
          "capitalize",
          "count",
          "d",
          "default",
          "dictsort",
          "e",
          "escape",
          "first",
          "float",
          "fromjson",
          "int",
          "items",
          "join",
          "last",
          "length",
          "list",
          "lower",
          "map",
          "reject",
          "rejectattr",
          "replace",
          "reverse",
          "round",
          "safe",
          "select",
          "selectattr",
          "sort",
          "split",
          "string",
          "sum",
          "title",
          "tojson",
          "trim",
          "unique",
          "upper");

  private interface Body {
    @Nullable Object apply(
        @Nullable Object value,
        JinjavaInterpreter interpreter,
        Object[] arguments,
        Map<String, Object> named);
  }

  private record Named(String name, Body body) implements AdvancedFilter {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public @Nullable Object filter(
        @Nullable Object value,
        JinjavaInterpreter interpreter,
        Object[] arguments,
        Map<String, Object> named) {
      return body.apply(value, interpreter, arguments, named);
    }
  }

  /** Whether a value can be looped over; in Python, text can. */
  private record Iteration(String name) implements ExpTest {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean evaluate(
        @Nullable Object value, JinjavaInterpreter interpreter, Object... arguments) {
      return value instanceof Iterable || value instanceof Map || value instanceof CharSequence;
    }
  }

  private TemplateFilters() {}

  static List<Filter> filters() {
    return List.of(
        new Named("tojson", TemplateFilters::toJson),
        new Named("join", TemplateFilters::join),
        new Named("replace", TemplateFilters::replace),
        new Named("trim", TemplateFilters::trim),
        new Named("items", (value, interpreter, arguments, named) -> items(value)),
        new Named("length", (value, interpreter, arguments, named) -> length(value)),
        new Named("count", (value, interpreter, arguments, named) -> length(value)));
  }

  /** Filters of the library that no template may use. */
  static Set<String> forbidden() {
    Set<String> names = new HashSet<>();
    new FilterLibrary(true, Set.of()).entries().forEach(filter -> names.add(filter.getName()));
    names.removeAll(ALLOWED_FILTERS);
    return names;
  }

  static boolean isAllowed(String filter) {
    return ALLOWED_FILTERS.contains(filter);
  }

  static List<ExpTest> tests() {
    return List.of(new Iteration("iterable"), new Iteration("sequence"));
  }

  /** As Hugging Face defines it: Python's separators, nothing escaped for HTML. */
  private static Object toJson(
      @Nullable Object value,
      JinjavaInterpreter interpreter,
      Object[] arguments,
      Map<String, Object> named) {
    Object indent = named.get("indent");
    return PythonValues.dumps(value, indent instanceof Number spaces ? spaces.intValue() : 0);
  }

  private static @Nullable Object trim(
      @Nullable Object value,
      JinjavaInterpreter interpreter,
      Object[] arguments,
      Map<String, Object> named) {
    return value == null
        ? ""
        : PythonMethods.call(interpreter.getAsString(value), "strip", Arrays.asList(arguments));
  }

  private static Object join(
      @Nullable Object value,
      JinjavaInterpreter interpreter,
      Object[] arguments,
      Map<String, Object> named) {
    String separator = arguments.length > 0 ? interpreter.getAsString(arguments[0]) : "";
    String attribute = named.containsKey("attribute") ? String.valueOf(named.get("attribute")) : "";
    List<String> texts = new ArrayList<>();
    for (Object item : value instanceof Iterable<?> list ? list : List.of()) {
      texts.add(
          interpreter.getAsString(
              attribute.isEmpty() ? item : interpreter.resolveProperty(item, attribute)));
    }
    return PythonMethods.join(separator, texts);
  }

  private static @Nullable Object replace(
      @Nullable Object value,
      JinjavaInterpreter interpreter,
      Object[] arguments,
      Map<String, Object> named) {
    return PythonMethods.call(interpreter.getAsString(value), "replace", Arrays.asList(arguments));
  }

  private static Object items(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? new ArrayList<>(map.entrySet()) : List.of();
  }

  private static long length(@Nullable Object value) {
    return switch (value) {
      case Collection<?> list -> list.size();
      case Map<?, ?> map -> map.size();
      case CharSequence text -> text.codePoints().count();
      case null, default -> 0;
    };
  }
}
