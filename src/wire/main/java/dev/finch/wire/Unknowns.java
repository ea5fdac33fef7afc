package dev.finch.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.io.Serial;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What is not known, as the wire has always said it: no field for an empty {@code Optional}, -1 for
 * an amount, 0 for a rate. What a sender leaves out is not known either.
 */
final class Unknowns {

  private static final long AMOUNT = -1;

  private Unknowns() {}

  static void addTo(SimpleModule module) {
    module.addSerializer(Optional.class, new Written());
    module.addDeserializer(Optional.class, new Read(null));
    module.addSerializer(OptionalLong.class, new WrittenAmount());
    module.addDeserializer(OptionalLong.class, new ReadAmount());
    module.addSerializer(OptionalDouble.class, new WrittenRate());
    module.addDeserializer(OptionalDouble.class, new ReadRate());
  }

  static void configure(ObjectMapper mapper) {
    mapper
        .configOverride(Optional.class)
        .setInclude(
            JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS));
  }

  @SuppressWarnings("rawtypes") // Jackson registers by the raw class
  private static final class Written extends StdScalarSerializer<Optional> {
    @Serial private static final long serialVersionUID = 1L;

    Written() {
      super(Optional.class);
    }

    @Override
    public boolean isEmpty(SerializerProvider provider, Optional value) {
      return value.isEmpty();
    }

    @Override
    public void serialize(Optional value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      if (value.isPresent()) {
        provider.defaultSerializeValue(value.get(), out);
      } else {
        out.writeNull();
      }
    }
  }

  @SuppressWarnings("rawtypes") // Jackson registers by the raw class
  private static final class Read extends JsonDeserializer<Optional>
      implements ContextualDeserializer {
    private final @Nullable JavaType content;

    Read(@Nullable JavaType content) {
      this.content = content;
    }

    @Override
    public JsonDeserializer<?> createContextual(
        DeserializationContext context, @Nullable BeanProperty property) {
      JavaType type = property == null ? context.getContextualType() : property.getType();
      return new Read(type.containedTypeOrUnknown(0));
    }

    @Override
    public Optional deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return Optional.ofNullable(context.readValue(in, content));
    }

    @Override
    public Optional getNullValue(DeserializationContext context) {
      return Optional.empty();
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) {
      return Optional.empty();
    }
  }

  private static final class WrittenAmount extends StdScalarSerializer<OptionalLong> {
    @Serial private static final long serialVersionUID = 1L;

    WrittenAmount() {
      super(OptionalLong.class);
    }

    @Override
    public void serialize(OptionalLong value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeNumber(value.orElse(AMOUNT));
    }
  }

  private static final class ReadAmount extends StdScalarDeserializer<OptionalLong> {
    @Serial private static final long serialVersionUID = 1L;

    ReadAmount() {
      super(OptionalLong.class);
    }

    @Override
    public OptionalLong deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      long amount = _parseLongPrimitive(in, context);
      return amount < 0 ? OptionalLong.empty() : OptionalLong.of(amount);
    }

    @Override
    public OptionalLong getNullValue(DeserializationContext context) {
      return OptionalLong.empty();
    }
  }

  private static final class WrittenRate extends StdScalarSerializer<OptionalDouble> {
    @Serial private static final long serialVersionUID = 1L;

    WrittenRate() {
      super(OptionalDouble.class);
    }

    @Override
    public void serialize(OptionalDouble value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeNumber(value.orElse(0));
    }
  }

  private static final class ReadRate extends StdScalarDeserializer<OptionalDouble> {
    @Serial private static final long serialVersionUID = 1L;

    ReadRate() {
      super(OptionalDouble.class);
    }

    @Override
    public OptionalDouble deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      double rate = _parseDoublePrimitive(in, context);
      return rate > 0 ? OptionalDouble.of(rate) : OptionalDouble.empty();
    }

    @Override
    public OptionalDouble getNullValue(DeserializationContext context) {
      return OptionalDouble.empty();
    }
  }
}
