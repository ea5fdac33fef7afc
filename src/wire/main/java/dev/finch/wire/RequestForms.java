package dev.finch.wire;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.deser.std.StdDelegatingDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdDelegatingSerializer;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.StdConverter;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.CloudOptions;
import dev.finch.inference.Cost;
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
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is built with builders, as JSON: a record for each, whose components are the fields of the
 * wire. A field that is added to a builder is added here, and gets a default for those who do not
 * send it.
 */
final class RequestForms {

  private RequestForms() {}

  static void addTo(SimpleModule module) {
    form(module, GenerateRequest.class, Request.class, Request::of, Request::value);
    form(module, Sampling.class, Choice.class, Choice::of, Choice::value);
    form(module, CloudOptions.class, Cloud.class, Cloud::of, Cloud::value);
    form(module, ChatMessage.class, Message.class, Message::of, Message::value);
    form(module, Tool.class, Offer.class, Offer::of, Offer::value);
    form(module, RuntimeState.class, State.class, State::of, State::value);
    form(module, Cost.class, Price.class, Price::of, Price::value);
  }

  static <T, F> void form(
      SimpleModule module,
      Class<T> type,
      Class<F> form,
      Function<T, F> writer,
      Function<F, T> reader) {
    module.addSerializer(
        type, new StdDelegatingSerializer(type, new Converting<>(type, form, writer)));
    module.addDeserializer(
        type, new StdDelegatingDeserializer<>(new Converting<>(form, type, reader)));
  }

  /** One way between a value and its form. */
  private static final class Converting<A, B> extends StdConverter<A, B> {
    private final Class<A> from;
    private final Class<B> to;
    private final Function<A, B> conversion;

    Converting(Class<A> from, Class<B> to, Function<A, B> conversion) {
      this.from = from;
      this.to = to;
      this.conversion = conversion;
    }

    @Override
    public B convert(A value) {
      try {
        return conversion.apply(value);
      } catch (NullPointerException e) {
        throw new IllegalArgumentException(e.getMessage() + " is null", e);
      }
    }

    @Override
    public JavaType getInputType(TypeFactory types) {
      return types.constructType(from);
    }

    @Override
    public JavaType getOutputType(TypeFactory types) {
      return types.constructType(to);
    }
  }

  private record Cloud(
      @Nullable String thinking,
      @Nullable String effort,
      @Nullable Boolean parallelToolCalls,
      @Nullable String metadata,
      @Nullable List<String> betas,
      @Nullable String fields) {

    static Cloud of(CloudOptions value) {
      return new Cloud(
          value.thinking(),
          value.effort(),
          value.parallelToolCalls(),
          value.metadata(),
          value.betas(),
          value.fields());
    }

    CloudOptions value() {
      return CloudOptions.builder()
          .thinking(thinking)
          .effort(effort)
          .parallelToolCalls(parallelToolCalls)
          .metadata(metadata)
          .betas(requireNonNullElse(betas, List.of()))
          .fields(fields)
          .build();
    }
  }

  private record Offer(
      String name,
      @Nullable String description,
      String parameters,
      @Nullable Boolean strict,
      @Nullable String cacheControl) {

    static Offer of(Tool value) {
      return new Offer(
          value.name(),
          value.description(),
          value.parameters(),
          value.strict(),
          value.cacheControl());
    }

    Tool value() {
      return Tool.builder(name, parameters)
          .description(description)
          .strict(strict)
          .cacheControl(cacheControl)
          .build();
    }
  }

  private record Message(
      Role role,
      String content,
      List<ToolCall> toolCalls,
      @Nullable String toolCallId,
      Privacy privacy,
      @Nullable String reasoning,
      @Nullable String signature,
      List<Part> parts,
      boolean failed) {

    static Message of(ChatMessage value) {
      return new Message(
          value.role(),
          value.content(),
          value.toolCalls(),
          value.toolCallId(),
          value.privacy(),
          value.reasoning(),
          value.signature(),
          value.parts(),
          value.failed());
    }

    ChatMessage value() {
      return ChatMessage.builder(role, content)
          .toolCalls(toolCalls)
          .toolCallId(toolCallId)
          .privacy(privacy)
          .reasoning(reasoning)
          .signature(signature)
          .parts(parts)
          .failed(failed)
          .build();
    }
  }

  private record Choice(
      @Nullable Double temperature,
      @Nullable Integer topK,
      @Nullable Double topP,
      @Nullable Double minP,
      @Nullable Double typicalP,
      @Nullable Double repeatPenalty,
      @Nullable Double presencePenalty,
      @Nullable Double frequencyPenalty,
      @Nullable Integer penaltyLastN,
      @Nullable Long seed,
      @Nullable Integer maxTokens,
      List<String> stop,
      Map<Integer, Double> logitBias,
      @Nullable Integer logprobs,
      boolean deterministic) {

    static Choice of(Sampling value) {
      return new Choice(
          value.temperature(),
          value.topK(),
          value.topP(),
          value.minP(),
          value.typicalP(),
          value.repeatPenalty(),
          value.presencePenalty(),
          value.frequencyPenalty(),
          value.penaltyLastN(),
          value.seed(),
          value.maxTokens(),
          value.stop(),
          value.logitBias(),
          value.logprobs(),
          value.deterministic());
    }

    Sampling value() {
      return Sampling.builder()
          .temperature(temperature)
          .topK(topK)
          .topP(topP)
          .minP(minP)
          .typicalP(typicalP)
          .repeatPenalty(repeatPenalty)
          .presencePenalty(presencePenalty)
          .frequencyPenalty(frequencyPenalty)
          .penaltyLastN(penaltyLastN)
          .seed(seed)
          .maxTokens(maxTokens)
          .stop(stop)
          .logitBias(logitBias)
          .logprobs(logprobs)
          .deterministic(deterministic)
          .build();
    }
  }

  private record State(@Nullable ModelState serving, @Nullable ModelState preparing) {

    static State of(RuntimeState value) {
      return new State(value.serving().orElse(null), value.preparing().orElse(null));
    }

    RuntimeState value() {
      return RuntimeState.of(serving, preparing);
    }
  }

  /** The only amount that is 0 on the wire where it is not known. */
  private record Price(long microDollars, boolean estimated, boolean known) {

    static Price of(Cost value) {
      return new Price(value.microDollars().orElse(0), value.estimated(), value.known());
    }

    Cost value() {
      return new Cost(known ? OptionalLong.of(microDollars) : OptionalLong.empty(), estimated);
    }
  }

  private record Request(
      String id,
      @Nullable ModelReference model,
      @Nullable String cloudModel,
      Prompt prompt,
      List<Tool> tools,
      ToolChoice toolChoice,
      Sampling sampling,
      ResponseFormat format,
      Map<String, Double> adapters,
      Privacy privacy,
      WhenNotReady whenNotReady,
      boolean demonstrationAllowed,
      @Nullable Duration deadline,
      @Nullable String conversationId,
      CloudOptions cloudOptions) {

    static Request of(GenerateRequest value) {
      return new Request(
          value.id(),
          value.model(),
          value.cloudModel(),
          value.prompt(),
          value.tools(),
          value.toolChoice(),
          value.sampling(),
          value.format(),
          value.adapters(),
          value.privacy(),
          value.whenNotReady(),
          value.demonstrationAllowed(),
          value.deadline(),
          value.conversationId(),
          value.cloudOptions());
    }

    GenerateRequest value() {
      return GenerateRequest.builder()
          .id(id)
          .model(model)
          .cloudModel(cloudModel)
          .prompt(prompt)
          .tools(tools)
          .toolChoice(toolChoice)
          .sampling(sampling)
          .format(format)
          .adapters(adapters)
          .privacy(privacy)
          .whenNotReady(whenNotReady)
          .demonstrationAllowed(demonstrationAllowed)
          .deadline(deadline)
          .conversationId(conversationId)
          .cloudOptions(cloudOptions)
          .build();
    }
  }
}
