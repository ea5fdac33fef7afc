package dev.finch.selection;

import dev.finch.gguf.GgufModel;
import dev.finch.gguf.GgufReader;
import dev.finch.gguf.SplitSet;
import dev.finch.model.ModelReference;
import java.util.Optional;

/** The memory of a model that is named by its file. */
final class FileMemory {

  private FileMemory() {}

  /**
   * Reads the headers of the file and of its set; empty where the preference is no file. Blocking.
   *
   * @throws dev.finch.failure.FinchException where the file is missing or no GGUF file
   */
  static Optional<MemoryEstimate> of(ModelReference preference, MemoryUse use) {
    if (!(preference instanceof ModelReference.LocalFile file)) {
      return Optional.empty();
    }
    GgufModel model =
        new GgufModel(SplitSet.of(file.path()).stream().map(GgufReader::read).toList());
    return Optional.of(MemoryEstimate.of(model.config(), model.weightBytes(), use));
  }
}
