package dev.finch.engine.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.finch.jinja.PythonJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as chat templates know it, written as Python's {@code json.dumps(value, ensure_ascii=False)}
 * writes it, since that is the text that models were trained on.
 */
final class PythonValues {

  /** What nests deeper is taken as text. */
  private static final int DEPTH_LIMIT = 200;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  static {
    MAPPER
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxNestingDepth(DEPTH_LIMIT).build());
  }

  private PythonValues() {}

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
        yield entries;
      }
      case ARRAY -> {
        List<@Nullable Object> items = new ArrayList<>();
        node.forEach(item -> items.add(of(item)));
        yield items;
      }
      case STRING -> node.textValue();
      case BOOLEAN -> node.booleanValue();
      case NUMBER -> node.numberValue();
      default -> null;
    };
  }

  /** JSON on one line, with Python's separators. */
  static String dumps(@Nullable Object value) {
    return PythonJson.dumps(value);
  }
}
