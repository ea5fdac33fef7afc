package dev.finch.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Part;
import dev.finch.inference.Prompt;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.Role;
import dev.finch.inference.ToolChoice;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.model.ModelState;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/**
 * The vocabulary as JSON: records by their components, kinds of a sealed type by a {@code type}
 * field in kebab case, model references as the text that people write, durations and instants in
 * ISO 8601. Thread-safe.
 */
public final class FinchJson {

  private static final ObjectMapper MAPPER = mapper();

  /** A newer client's wish that this server does not know must not be dropped in silence. */
  private static final ObjectMapper STRICT =
      MAPPER.copy().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private FinchJson() {}

  private static ObjectMapper mapper() {
    ObjectMapper mapper =
        JsonMapper.builder()
            .addModule(texts())
            .addMixIn(AnswerEvent.class, AnswerEvents.class)
            .addMixIn(Part.class, Parts.class)
            .addMixIn(Prompt.class, Prompts.class)
            .addMixIn(ResponseFormat.class, Formats.class)
            .addMixIn(ToolChoice.class, ToolChoices.class)
            .addMixIn(ModelState.class, ModelStates.class)
            .addMixIn(ModelSpec.Origin.class, Origins.class)
            .defaultPropertyInclusion(
                JsonInclude.Value.construct(
                    JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    Unknowns.configure(mapper);
    return mapper;
  }

  /** A value as a tree. */
  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** A value as one line. */
  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(value.getClass() + " has no JSON form", e);
    }
  }

  /**
   * Reads a value; unknown fields are skipped, so that an older client understands a newer server.
   *
   * @throws IllegalArgumentException where the text is no such value
   */
  public static <T> T read(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  /**
   * Reads a value from a tree, as {@link #read(String, Class)} does.
   *
   * @throws IllegalArgumentException where the tree is no such value
   */
  public static <T> T read(JsonNode json, Class<T> type) {
    return treeTo(MAPPER, json, type);
  }

  /**
   * Reads a request; what it leaves out has its default, and {@code user} is short for a
   * conversation of one message.
   *
   * @throws IllegalArgumentException where a field is unknown or wrong
   */
  public static GenerateRequest request(ObjectNode json) {
    ObjectNode whole = MAPPER.valueToTree(GenerateRequest.of("-"));
    JsonNode user = json.get("user");
    if (user != null && user.isTextual()) {
      whole.set("prompt", MAPPER.valueToTree(GenerateRequest.of(user.textValue()).prompt()));
    } else if (!json.has("prompt")) {
      throw new IllegalArgumentException("prompt is missing");
    }
    json.properties()
        .forEach(
            field -> {
              switch (field.getKey()) {
                case "user" -> {}
                case "sampling" -> overlay(whole, "sampling", field.getValue());
                case "prompt" -> whole.set("prompt", withMessageDefaults(field.getValue()));
                default -> whole.set(field.getKey(), field.getValue());
              }
            });
    return treeTo(STRICT, whole, GenerateRequest.class);
  }

  private static void overlay(ObjectNode whole, String field, JsonNode given) {
    if (whole.get(field) instanceof ObjectNode defaults && given instanceof ObjectNode object) {
      defaults.setAll(object);
    } else {
      whole.set(field, given);
    }
  }

  private static JsonNode withMessageDefaults(JsonNode prompt) {
    JsonNode copy = prompt.deepCopy();
    JsonNode messages = copy.get("messages");
    if (messages != null) {
      for (int i = 0; i < messages.size(); i++) {
        if (messages.get(i) instanceof ObjectNode message) {
          ObjectNode defaults = MAPPER.valueToTree(ChatMessage.of(Role.USER, ""));
          defaults.setAll(message.deepCopy());
          message.setAll(defaults);
          placeImages(message);
        }
      }
    }
    return copy;
  }

  /** Clients of an earlier version name the images apart, which stand before the text. */
  private static void placeImages(ObjectNode message) {
    if (!(message.get("images") instanceof ArrayNode images)) {
      return;
    }
    message.remove("images");
    if (images.isEmpty()) {
      return;
    }
    ArrayNode parts = message.putArray("parts");
    images.forEach(image -> parts.addObject().put("type", "image").set("image", image));
    parts.addObject().put("type", "text").set("text", message.get("content"));
  }

  private static <T> T treeTo(ObjectMapper mapper, JsonNode json, Class<T> type) {
    try {
      return mapper.treeToValue(json, type);
    } catch (UnrecognizedPropertyException e) {
      throw new IllegalArgumentException(
          e.getPropertyName() + " is no field here (known: " + e.getKnownPropertyIds() + ")", e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  private static SimpleModule texts() {
    SimpleModule module = new SimpleModule();
    text(module, Duration.class, Duration::parse);
    text(module, Instant.class, Instant::parse);
    text(module, Path.class, Path::of);
    text(module, ModelReference.class, ModelReference::parse);
    RequestForms.addTo(module);
    Unknowns.addTo(module);
    return module;
  }

  private static <T> void text(SimpleModule module, Class<T> type, Function<String, T> parser) {
    module.addSerializer(type, new AsText<>(type));
    module.addDeserializer(type, new FromText<>(type, parser));
  }

  private static final class AsText<T> extends StdScalarSerializer<T> {
    @Serial private static final long serialVersionUID = 1L;

    AsText(Class<T> type) {
      super(type);
    }

    @Override
    public void serialize(T value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(value.toString());
    }
  }

  private static final class FromText<T> extends StdScalarDeserializer<T> {
    @Serial private static final long serialVersionUID = 1L;

    private final transient Function<String, T> parser;

    FromText(Class<T> type, Function<String, T> parser) {
      super(type);
      this.parser = parser;
    }

    @Override
    public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
      String text = in.getValueAsString();
      if (text == null) {
        throw context.wrongTokenException(in, handledType(), in.currentToken(), "expected a text");
      }
      try {
        return parser.apply(text);
      } catch (RuntimeException e) {
        throw context.weirdStringException(text, handledType(), e.getMessage());
      }
    }
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = AnswerEvent.Queued.class, name = "queued"),
    @JsonSubTypes.Type(value = AnswerEvent.Started.class, name = "started"),
    @JsonSubTypes.Type(value = AnswerEvent.Delta.class, name = "delta"),
    @JsonSubTypes.Type(value = AnswerEvent.Reasoning.class, name = "reasoning"),
    @JsonSubTypes.Type(value = AnswerEvent.ToolCallStarted.class, name = "tool-call-started"),
    @JsonSubTypes.Type(value = AnswerEvent.ToolCallArguments.class, name = "tool-call-arguments"),
    @JsonSubTypes.Type(value = AnswerEvent.Finished.class, name = "finished"),
    @JsonSubTypes.Type(value = AnswerEvent.Failed.class, name = "failed")
  })
  private interface AnswerEvents {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Prompt.Conversation.class, name = "conversation"),
    @JsonSubTypes.Type(value = Prompt.Raw.class, name = "raw")
  })
  private interface Prompts {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Part.Text.class, name = "text"),
    @JsonSubTypes.Type(value = Part.Shown.class, name = "image"),
    @JsonSubTypes.Type(value = Part.Thought.class, name = "thinking"),
    @JsonSubTypes.Type(value = Part.Redacted.class, name = "redacted-thinking"),
    @JsonSubTypes.Type(value = Part.Called.class, name = "tool-call"),
    @JsonSubTypes.Type(value = Part.CacheBreakpoint.class, name = "cache-breakpoint")
  })
  private interface Parts {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = ResponseFormat.Text.class, name = "text"),
    @JsonSubTypes.Type(value = ResponseFormat.JsonObject.class, name = "json-object"),
    @JsonSubTypes.Type(value = ResponseFormat.JsonSchema.class, name = "json-schema"),
    @JsonSubTypes.Type(value = ResponseFormat.Grammar.class, name = "grammar")
  })
  private interface Formats {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = ToolChoice.Auto.class, name = "auto"),
    @JsonSubTypes.Type(value = ToolChoice.None.class, name = "none"),
    @JsonSubTypes.Type(value = ToolChoice.Required.class, name = "required"),
    @JsonSubTypes.Type(value = ToolChoice.Named.class, name = "named")
  })
  private interface ToolChoices {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = ModelState.Selecting.class, name = "selecting"),
    @JsonSubTypes.Type(value = ModelState.Downloading.class, name = "downloading"),
    @JsonSubTypes.Type(value = ModelState.Loading.class, name = "loading"),
    @JsonSubTypes.Type(value = ModelState.Ready.class, name = "ready"),
    @JsonSubTypes.Type(value = ModelState.Draining.class, name = "draining"),
    @JsonSubTypes.Type(value = ModelState.Idle.class, name = "idle"),
    @JsonSubTypes.Type(value = ModelState.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = ModelState.NotAvailable.class, name = "not-available")
  })
  private interface ModelStates {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = ModelSpec.Origin.Hub.class, name = "hub"),
    @JsonSubTypes.Type(value = ModelSpec.Origin.LocalFile.class, name = "local-file"),
    @JsonSubTypes.Type(value = ModelSpec.Origin.BuiltIn.class, name = "built-in"),
    @JsonSubTypes.Type(value = ModelSpec.Origin.Random.class, name = "random")
  })
  private interface Origins {}
}
