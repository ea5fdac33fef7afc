package dev.finch.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values that something is called with. */
record Arguments(List<Object> positional, Map<String, Object> named) {

  static final Arguments NONE = new Arguments(List.of(), Map.of());

  static Arguments of(Object... positional) {
    return new Arguments(List.of(positional), Map.of());
  }

  /**
   * The values in the order of the parameters, null for those that are left out.
   *
   * @param function for messages
   * @param required how many may not be left out
   */
  @Nullable Object[] bind(
      Rendering rendering, String function, int required, String... parameters) {
    if (positional.size() > parameters.length) {
      throw rendering.error(
          function
              + "() takes at most "
              + parameters.length
              + " arguments ("
              + positional.size()
              + " given)");
    }
    @Nullable Object[] values = new @Nullable Object[parameters.length];
    for (int i = 0; i < positional.size(); i++) {
      values[i] = positional.get(i);
    }
    int known = 0;
    for (int i = 0; i < parameters.length && !named.isEmpty(); i++) {
      Object value = named.get(parameters[i]);
      if (value != null) {
        if (values[i] != null) {
          throw rendering.error(
              function + "() got multiple values for argument '" + parameters[i] + "'");
        }
        values[i] = value;
        known++;
      }
    }
    if (known < named.size()) {
      String unknown =
          named.keySet().stream()
              .filter(name -> !List.of(parameters).contains(name))
              .findFirst()
              .orElse("");
      throw rendering.error(function + "() got an unexpected keyword argument '" + unknown + "'");
    }
    for (int i = 0; i < required; i++) {
      if (values[i] == null) {
        throw rendering.error(
            function + "() missing 1 required positional argument: '" + parameters[i] + "'");
      }
    }
    return values;
  }

  /** Without the first {@code count} positional ones. */
  Arguments rest(int count) {
    return new Arguments(new ArrayList<>(positional.subList(count, positional.size())), named);
  }

  Arguments with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(named);
    more.put(name, value);
    return new Arguments(positional, more);
  }
}
