package dev.finch.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.CloudOptions;
import dev.finch.inference.EmbedRequest;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Part;
import dev.finch.inference.Privacy;
import dev.finch.inference.Prompt;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.Role;
import dev.finch.inference.Sampling;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolCall;
import dev.finch.inference.ToolChoice;
import dev.finch.inference.WhenNotReady;
import dev.finch.model.ModelReference;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every field of every builder arrives: in the value, in its copy, in equals, and on the wire. */
final class BuildersTest {

  private static final Set<Class<?>> ON_THE_WIRE =
      Set.of(
          GenerateRequest.class, Sampling.class, CloudOptions.class, ChatMessage.class, Tool.class);

  static Stream<Object> defaults() {
    return Stream.of(
        GenerateRequest.of("hello"),
        Sampling.DEFAULTS,
        CloudOptions.NONE,
        ChatMessage.user("hello"),
        Tool.of("clock", null, "{}"),
        EmbedRequest.of(List.of("a")));
  }

  @ParameterizedTest
  @MethodSource("defaults")
  void noFieldIsLost(Object plain) throws Exception {
    for (Method accessor : accessors(plain)) {
      Object builder = call(plain, "toBuilder");
      Method setter = setter(builder, accessor);
      if (setter == null) {
        continue; // given to builder() itself
      }
      Object wanted = sample(accessor.getGenericReturnType());
      setter.invoke(builder, wanted);
      Object changed = call(builder, "build");

      String field = plain.getClass().getSimpleName() + "." + accessor.getName();
      assertEquals(wanted, accessor.invoke(changed), field);
      assertNotEquals(plain, changed, field);
      assertEquals(changed, call(call(changed, "toBuilder"), "build"), field);
      assertEquals(changed.hashCode(), call(call(changed, "toBuilder"), "build").hashCode());
      assertTrue(changed.toString().contains(accessor.getName() + "=" + wanted), field);
      if (ON_THE_WIRE.contains(plain.getClass())) {
        assertEquals(changed, FinchJson.read(FinchJson.tree(changed), plain.getClass()), field);
      }
    }
  }

  @Test
  void aFieldThatIsNullIsNamed() {
    for (String field : List.of("tools", "toolChoice", "sampling", "privacy", "prompt")) {
      ObjectNode json = (ObjectNode) FinchJson.tree(GenerateRequest.of("hello"));
      json.putNull(field);

      var refused = assertThrows(IllegalArgumentException.class, () -> FinchJson.request(json));
      assertTrue(refused.getMessage().contains(field), refused.getMessage());
    }
  }

  @Test
  void aValueThatIsOutOfRangeIsNamed() {
    ObjectNode json = (ObjectNode) FinchJson.tree(GenerateRequest.of("hello"));
    ((ObjectNode) json.get("sampling")).put("temperature", -1);

    var refused = assertThrows(IllegalArgumentException.class, () -> FinchJson.request(json));
    assertTrue(refused.getMessage().contains("temperature: -1.0"), refused.getMessage());
  }

  private static List<Method> accessors(Object value) {
    return Arrays.stream(value.getClass().getDeclaredMethods())
        .filter(method -> method.getParameterCount() == 0 && !method.isSynthetic())
        .filter(
            method ->
                Arrays.stream(value.getClass().getDeclaredFields())
                    .anyMatch(field -> field.getName().equals(method.getName())))
        .toList();
  }

  private static Method setter(Object builder, Method accessor) {
    return Arrays.stream(builder.getClass().getMethods())
        .filter(method -> method.getName().equals(accessor.getName()))
        .findFirst()
        .orElse(null);
  }

  private static Object call(Object target, String method) throws Exception {
    return target.getClass().getMethod(method).invoke(target);
  }

  private static Object sample(Type type) {
    if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      return List.of(sample(list.getActualTypeArguments()[0]));
    }
    if (type instanceof ParameterizedType map && map.getRawType() == Map.class) {
      return Map.of(
          sample(map.getActualTypeArguments()[0]), sample(map.getActualTypeArguments()[1]));
    }
    return Map.<Type, Object>ofEntries(
            Map.entry(String.class, "text"),
            Map.entry(Integer.class, 7),
            Map.entry(Long.class, 8L),
            Map.entry(Double.class, 0.5),
            Map.entry(Boolean.class, true),
            Map.entry(boolean.class, true),
            Map.entry(Duration.class, Duration.ofSeconds(9)),
            Map.entry(ModelReference.class, ModelReference.BUILT_IN),
            Map.entry(Prompt.class, new Prompt.Raw("text", "suffix")),
            Map.entry(ToolChoice.class, new ToolChoice.Named("clock")),
            Map.entry(ResponseFormat.class, ResponseFormat.JSON_OBJECT),
            Map.entry(Sampling.class, Sampling.builder().topK(3).build()),
            Map.entry(CloudOptions.class, CloudOptions.builder().effort("low").build()),
            Map.entry(Privacy.class, Privacy.LOCAL_ONLY),
            Map.entry(WhenNotReady.class, WhenNotReady.WAIT),
            Map.entry(Role.class, Role.TOOL),
            Map.entry(ToolCall.class, new ToolCall("1", "clock", "{}")),
            Map.entry(Part.class, new Part.Text("text")),
            Map.entry(Tool.class, Tool.of("clock", "what time it is", "{}")))
        .get(type);
  }
}
