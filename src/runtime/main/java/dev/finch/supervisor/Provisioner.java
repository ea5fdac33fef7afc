package dev.finch.supervisor;

import dev.finch.engine.LoadPlan;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelSpec;
import java.util.List;
import java.util.Optional;

/**
 * What has to be found out on disk before a model can be loaded. Blocking and thread-safe; failures
 * are thrown as {@link dev.finch.failure.FinchException}.
 */
public interface Provisioner {

  /** The model's files, where that takes no network. Built-in and random models are written now. */
  Optional<LocalModel> atHand(ModelSpec spec);

  /**
   * Checks the files and holds the model against memory.
   *
   * @param reclaimable bytes that unloading the serving model would give back
   */
  Provisioned provision(LocalModel model, long reclaimable);

  /**
   * A model that may be loaded.
   *
   * @param model its files
   * @param plan how to load it
   * @param needsRoom whether the serving model has to be unloaded first
   * @param changes what memory did not allow and was shrunk, a sentence each
   */
  record Provisioned(LocalModel model, LoadPlan plan, boolean needsRoom, List<String> changes) {
    public Provisioned {
      changes = List.copyOf(changes);
    }
  }
}
