package dev.finch.runtime;

import dev.finch.download.ModelCache;
import dev.finch.engine.EngineSettings;
import dev.finch.engine.KvType;
import dev.finch.engine.LoadPlan;
import dev.finch.engine.SyntheticModels;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.gguf.Architectures;
import dev.finch.gguf.GgufModel;
import dev.finch.gguf.GgufValidator;
import dev.finch.gguf.SplitSet;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelConfig;
import dev.finch.model.ModelSpec;
import dev.finch.selection.MemoryPlan;
import dev.finch.selection.MemoryUse;
import dev.finch.supervisor.Provisioner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Finds, checks and plans models on this machine's disk and in its memory. */
final class FileProvisioner implements Provisioner {

  private final ModelCache cache;
  private final Path generated;
  private final EngineSettings engine;
  private final LongSupplier availableMemory;

  FileProvisioner(
      ModelCache cache, Path generated, EngineSettings engine, LongSupplier availableMemory) {
    this.cache = cache;
    this.generated = generated;
    this.engine = engine;
    this.availableMemory = availableMemory;
  }

  @Override
  public Optional<LocalModel> atHand(ModelSpec spec) {
    return switch (spec.origin()) {
      case ModelSpec.Origin.Hub _ -> cache.find(spec);
      case ModelSpec.Origin.LocalFile(var path) ->
          Optional.of(new LocalModel(spec, parts(path), null));
      case ModelSpec.Origin.BuiltIn _, ModelSpec.Origin.Random _ ->
          Optional.of(SyntheticModels.materialize(spec, generated));
    };
  }

  private static List<Path> parts(Path path) {
    if (!Files.exists(path)) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.UNKNOWN_MODEL,
              "There is no file " + path + ".",
              "Name a GGUF file that exists; of a split set, any of its parts."));
    }
    return SplitSet.of(path);
  }

  @Override
  public Provisioned provision(LocalModel model, long reclaimable) {
    GgufModel checked = GgufValidator.check(model.files(), Architectures.B4916);
    ModelConfig shape = checked.config();
    MemoryUse wanted = wanted(shape);
    long available = availableMemory.getAsLong();
    String name = model.spec().name();
    MemoryPlan beside = MemoryPlan.of(name, shape, checked.weightBytes(), wanted, available);
    if (beside instanceof MemoryPlan.Fits fits) {
      return provisioned(model, fits, false);
    }
    return switch (MemoryPlan.of(
        name, shape, checked.weightBytes(), wanted, available + reclaimable)) {
      case MemoryPlan.Fits fits -> provisioned(model, fits, true);
      case MemoryPlan.TooLarge tooLarge -> throw new FinchException(tooLarge.why());
    };
  }

  private MemoryUse wanted(ModelConfig shape) {
    int context =
        engine.contextLength() > 0
            ? engine.contextLength()
            : Math.min(shape.contextLength(), engine.contextLimit());
    boolean quantized = engine.kvType() != KvType.F16;
    return new MemoryUse(context, engine.slots(), engine.batchTokens(), quantized, quantized);
  }

  private Provisioned provisioned(LocalModel model, MemoryPlan.Fits fits, boolean needsRoom) {
    MemoryUse use = fits.use();
    KvType kvType = use.quantizedCache() ? KvType.Q8_0 : engine.kvType();
    return new Provisioned(
        model, new LoadPlan(use.contextLength(), use.slots(), kvType), needsRoom, fits.changes());
  }
}
