package dev.finch.engine;

import static java.util.Objects.requireNonNull;

import dev.finch.inference.Sampling;
import dev.finch.model.LocalModel;
import dev.finch.settings.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * {@code finch.engine} and {@code finch.adapters}: how local models are loaded and how they answer.
 * Every key is described in reference.conf.
 *
 * @param contextLength tokens that one conversation may hold; 0 takes what the model was trained
 *     for, up to {@code contextLimit}
 * @param contextLimit the most that is taken where {@code contextLength} is 0
 * @param slots answers that are decoded at once
 * @param retainedConversations further conversations whose cache is kept
 * @param queueLimit prompts that may wait for a slot
 * @param threads CPU threads of one step; 0 measures which number is fastest
 * @param batchTokens the most tokens of one step
 * @param kvType how keys and values are stored
 * @param device where to compute
 * @param memoryMap whether weights are mapped from their file
 * @param stepTarget how long a step with prompt tokens should take while others generate
 * @param aloneStepTarget the same while nobody else is served
 * @param stallTimeout how long a reader may show no demand
 * @param keepAlive how long a model without work stays loaded; zero keeps it for ever
 * @param pooling how token embeddings become one vector
 * @param adapters LoRA adapters by name
 * @param saving whether and where the caches of long conversations are kept on disk
 * @param sampling what a request that names no value gets; every field of it is set
 */
public record EngineSettings(
    int contextLength,
    int contextLimit,
    int slots,
    int retainedConversations,
    int queueLimit,
    int threads,
    int batchTokens,
    KvType kvType,
    DevicePreference device,
    boolean memoryMap,
    Duration stepTarget,
    Duration aloneStepTarget,
    Duration stallTimeout,
    Duration keepAlive,
    Pooling pooling,
    Map<String, Adapter> adapters,
    Saving saving,
    Sampling sampling) {

  /** How the embeddings of a text's tokens become one vector. */
  public enum Pooling {
    /** As the model's file says, else the mean. */
    AUTO,
    MEAN,
    LAST
  }

  /**
   * A LoRA adapter.
   *
   * @param file in GGUF form
   * @param scale how strongly it acts where a request does not say; 0 leaves it out
   */
  public record Adapter(Path file, double scale) {
    public Adapter {
      requireNonNull(file, "file");
    }
  }

  /**
   * The caches of long conversations on disk.
   *
   * @param directory where, or null to save none
   * @param leastTokens shorter conversations are not saved
   * @param most how many are kept
   */
  public record Saving(@Nullable Path directory, int leastTokens, int most) {}

  public EngineSettings {
    requireNonNull(kvType, "kvType");
    requireNonNull(device, "device");
    requireNonNull(pooling, "pooling");
    adapters = Map.copyOf(adapters);
    requireNonNull(sampling, "sampling");
  }

  /** Reads {@code finch.engine} and {@code finch.adapters} of the section {@code finch}. */
  public static EngineSettings from(Section finch) {
    Section engine = finch.section("engine");
    return new EngineSettings(
        engine.integer("context-length", 0, 1 << 24),
        engine.integer("context-limit", 128, 1 << 24),
        engine.integer("slots", 1, 64),
        engine.integer("retained-conversations", 0, 64),
        engine.integer("queue-limit", 0, 100_000),
        engine.integer("threads", 0, 1024),
        engine.integer("batch-tokens", 64, 1 << 14),
        engine.choice("kv-type", KvType.class),
        engine.choice("device", DevicePreference.class),
        engine.bool("memory-map"),
        engine.duration("step-target", Duration.ofMillis(1), Duration.ofMinutes(1)),
        engine.duration("alone-step-target", Duration.ofMillis(1), Duration.ofMinutes(1)),
        engine.duration("stall-timeout", Duration.ofMillis(1), Duration.ofDays(1)),
        engine.duration("keep-alive", Duration.ZERO, Duration.ofDays(365)),
        engine.choice("pooling", Pooling.class),
        adapters(finch),
        saving(engine.section("saved-conversations")),
        sampling(engine.section("sampling")));
  }

  private static Map<String, Adapter> adapters(Section finch) {
    Map<String, Adapter> adapters = new LinkedHashMap<>();
    for (String name : finch.names("adapters")) {
      Section adapter = finch.named("adapters", name);
      adapters.put(
          name,
          new Adapter(
              Path.of(adapter.string("file")),
              adapter.has("scale") ? adapter.number("scale", -100, 100) : 1));
    }
    return adapters;
  }

  private static Saving saving(Section section) {
    String directory = section.optionalString("directory");
    return new Saving(
        directory == null ? null : Path.of(directory),
        section.integer("least-tokens", 1, Integer.MAX_VALUE),
        section.integer("most", 1, 10_000));
  }

  private static Sampling sampling(Section section) {
    return Sampling.builder()
        .temperature(section.number("temperature", 0, 2))
        .topK(section.integer("top-k", 0, Integer.MAX_VALUE))
        .topP(section.number("top-p", 0, 1))
        .minP(section.number("min-p", 0, 1))
        .typicalP(section.number("typical-p", 0, 1))
        .repeatPenalty(section.number("repeat-penalty", 0, 10))
        .presencePenalty(section.number("presence-penalty", -2, 2))
        .frequencyPenalty(section.number("frequency-penalty", -2, 2))
        .penaltyLastN(section.integer("penalty-last-n", -1, Integer.MAX_VALUE))
        .maxTokens(section.integer("max-tokens", 1, Integer.MAX_VALUE))
        .build();
  }

  /**
   * A request's sampling with the defaults where it says nothing, and a seed drawn where it names
   * none.
   */
  Sampling resolve(Sampling asked, int contextLength) {
    int window = or(asked.penaltyLastN(), sampling.penaltyLastN());
    return asked.toBuilder()
        .temperature(or(asked.temperature(), sampling.temperature()))
        .topK(or(asked.topK(), sampling.topK()))
        .topP(or(asked.topP(), sampling.topP()))
        .minP(or(asked.minP(), sampling.minP()))
        .typicalP(or(asked.typicalP(), sampling.typicalP()))
        .repeatPenalty(or(asked.repeatPenalty(), sampling.repeatPenalty()))
        .presencePenalty(or(asked.presencePenalty(), sampling.presencePenalty()))
        .frequencyPenalty(or(asked.frequencyPenalty(), sampling.frequencyPenalty()))
        .penaltyLastN(window < 0 ? contextLength : window)
        .seed(asked.seed() == null ? ThreadLocalRandom.current().nextLong() : asked.seed())
        .maxTokens(or(asked.maxTokens(), sampling.maxTokens()))
        .build();
  }

  /** What to load, with as much room as {@code room} says, or these settings where it is null. */
  EngineFactory.Plan plan(LocalModel model, @Nullable LoadPlan room) {
    int answers = room == null ? slots : room.slots();
    Map<String, Path> files = new LinkedHashMap<>();
    adapters.forEach((name, adapter) -> files.put(name, adapter.file()));
    return new EngineFactory.Plan(
        model.files(),
        room == null ? contextLength : room.contextLength(),
        contextLimit,
        answers,
        answers + retainedConversations + 1,
        batchTokens,
        room == null ? kvType : room.kvType(),
        threads,
        device,
        memoryMap,
        files);
  }

  private static <T> T or(@Nullable T asked, @Nullable T otherwise) {
    return asked == null ? requireNonNull(otherwise) : asked;
  }
}
