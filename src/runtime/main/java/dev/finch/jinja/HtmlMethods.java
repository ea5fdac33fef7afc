package dev.finch.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The methods of text that is HTML: what they are given is escaped, what they give is HTML. */
final class HtmlMethods {

  private static final Set<String> TO_HTML =
      Set.of(
          "capitalize",
          "title",
          "lower",
          "upper",
          "replace",
          "ljust",
          "rjust",
          "lstrip",
          "rstrip",
          "center",
          "strip",
          "translate",
          "expandtabs",
          "swapcase",
          "zfill",
          "join",
          "split",
          "rsplit",
          "splitlines",
          "partition",
          "rpartition",
          "format");

  private HtmlMethods() {}

  static Object call(Rendering rendering, Markup self, String name, Arguments arguments) {
    if (!TO_HTML.contains(name)) {
      return TextMethods.call(rendering, self.text(), name, arguments);
    }
    Arguments escaped = arguments;
    if (name.equals("join")) {
      List<Object> items = new ArrayList<>();
      Object first = arguments.positional().isEmpty() ? "" : arguments.positional().getFirst();
      for (Object item : Values.list(rendering, first)) {
        items.add(Texts.escaped(rendering, item));
      }
      escaped = Arguments.of(new SequenceValue.ListValue(items));
    } else if (!name.startsWith("split") && !name.equals("rsplit")) {
      List<Object> positional = new ArrayList<>();
      arguments.positional().forEach(value -> positional.add(escape(rendering, value)));
      Map<String, Object> named = new LinkedHashMap<>();
      arguments.named().forEach((key, value) -> named.put(key, escape(rendering, value)));
      escaped = new Arguments(positional, named);
    }
    return html(TextMethods.call(rendering, self.text(), name, escaped));
  }

  private static Object escape(Rendering rendering, Object value) {
    return Values.string(value) == null ? value : Texts.escaped(rendering, value);
  }

  private static Object html(Object value) {
    return switch (value) {
      case String text -> new Markup(text);
      case SequenceValue sequence ->
          sequence.of(sequence.items().stream().map(HtmlMethods::html).toList());
      default -> value;
    };
  }
}
