package dev.finch.engine.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.hubspot.jinjava.objects.collections.PyMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * JSON as chat templates know it: dictionaries and lists, printed and dumped as Python's {@code
 * json.dumps(value, ensure_ascii=False)} writes them, since that is the text that models were
 * trained on.
 */
final class PythonValues {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final int DEPTH_LIMIT = 200;

  private PythonValues() {}

  /** A dictionary that prints as JSON, for templates that concatenate one with text. */
  static final class Dictionary extends PyMap {
    Dictionary(Map<String, @Nullable Object> entries) {
      super(entries);
    }

    @Override
    public String toString() {
      return dumps(this, 0);
    }
  }

  /** The value that this JSON text stands for; the text itself where it is not JSON. */
  static @Nullable Object parse(String json) {
    try {
      return of(MAPPER.readTree(json));
    } catch (JsonProcessingException notJson) {
      return json;
    }
  }

  private static @Nullable Object of(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        node.properties().forEach(entry -> entries.put(entry.getKey(), of(entry.getValue())));
        yield new Dictionary(entries);
      }
      case ARRAY -> {
        List<@Nullable Object> items = new ArrayList<>();
        node.forEach(item -> items.add(of(item)));
        yield items;
      }
      case STRING -> node.textValue();
      case BOOLEAN -> node.booleanValue();
      case NUMBER ->
          node.isIntegralNumber() && node.canConvertToLong()
              ? (Object) node.longValue()
              : node.numberValue();
      default -> null;
    };
  }

  /**
   * JSON with Python's separators.
   *
   * @param indent spaces per level; 0 writes one line
   */
  static String dumps(@Nullable Object value, int indent) {
    StringBuilder out = new StringBuilder();
    write(out, value, indent, 0);
    return out.toString();
  }

  private static void write(StringBuilder out, @Nullable Object value, int indent, int level) {
    if (level > DEPTH_LIMIT || out.length() > Jinja.OUTPUT_LIMIT) {
      throw new Jinja.TemplateException("a value is too deep or too large to be written as JSON");
    }
    switch (value) {
      case null -> out.append("null");
      case Map<?, ?> map -> {
        List<Runnable> members = new ArrayList<>();
        map.forEach(
            (key, item) ->
                members.add(
                    () -> {
                      quote(out, Objects.toString(key));
                      out.append(": ");
                      write(out, item, indent, level + 1);
                    }));
        enclose(out, '{', members, '}', indent, level);
      }
      case Iterable<?> list -> {
        List<Runnable> members = new ArrayList<>();
        list.forEach(item -> members.add(() -> write(out, item, indent, level + 1)));
        enclose(out, '[', members, ']', indent, level);
      }
      case Number number -> out.append(number);
      case Boolean truth -> out.append(truth);
      default -> quote(out, value.toString());
    }
  }

  private static void enclose(
      StringBuilder out, char open, List<Runnable> members, char close, int indent, int level) {
    out.append(open);
    String separator = "";
    for (Runnable member : members) {
      out.append(separator);
      newLine(out, indent, level + 1);
      member.run();
      separator = indent > 0 ? "," : ", ";
    }
    if (!members.isEmpty()) {
      newLine(out, indent, level);
    }
    out.append(close);
  }

  private static void newLine(StringBuilder out, int indent, int level) {
    if (indent > 0) {
      out.append('\n').repeat(' ', indent * level);
    }
  }

  private static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < 0x20) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
