package dev.finch.selection;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.model.Bytes;
import dev.finch.model.License;
import dev.finch.model.ModelSpec;
import java.util.Optional;
import java.util.Set;

/**
 * What stands between a model and one machine with one user's consents.
 *
 * @param hardware the machine
 * @param accepted licences accepted beside the free ones
 * @param settings the context asked for, and the memory left to others
 */
record FitCheck(Hardware hardware, Set<String> accepted, SelectionSettings settings) {

  /**
   * Why a model of the catalogue cannot be taken, to be read after its name; empty where it can.
   */
  Optional<String> obstacle(CatalogEntry entry) {
    if (!entry.loadable()) {
      return Optional.of("needs a newer release of llama.cpp");
    }
    License license = entry.license();
    if (!consented(license)) {
      return Optional.of(
          "comes under the "
              + license.name()
              + ", which was not accepted (--accept-license "
              + license.id()
              + ")");
    }
    MemoryEstimate memory = memory(entry);
    return fits(memory)
        ? Optional.empty()
        : Optional.of("needs " + Bytes.format(memory.total()) + ", and " + left());
  }

  /** The failure of a model whose licence needs a consent that was not given. */
  Optional<Failure> refusal(ModelSpec spec) {
    License license = spec.license().orElse(null);
    if (license == null || consented(license)) {
      return Optional.empty();
    }
    String text =
        license.url().isEmpty() ? "the text in its repository" : license.url().orElse(null);
    return Optional.of(
        Failure.permanent(
            FailureCode.LICENSE_NOT_ACCEPTED,
            spec.name() + " comes under the " + license.name() + ", which you have not accepted.",
            "Read "
                + text
                + " and then give --accept-license "
                + license.id()
                + ", or set finch.licenses.accept = [\""
                + license.id()
                + "\"]."));
  }

  /** What to say of a model that was named and will not fit. */
  Optional<String> warning(ModelSpec spec, MemoryEstimate memory) {
    return fits(memory)
        ? Optional.empty()
        : Optional.of(
            spec.name()
                + " needs about "
                + Bytes.format(memory.total())
                + " with a context of "
                + settings.contextLength()
                + " tokens, and "
                + left()
                + ": it may get a shorter context, be slow, or not load.");
  }

  /** The memory of an entry in its default quantization. */
  MemoryEstimate memory(CatalogEntry entry) {
    return entry.memory(entry.defaultQuantization(), MemoryUse.ofContext(settings.contextLength()));
  }

  /** "This machine has 16.4 GB of memory". */
  String found() {
    return (hardware.containerLimitBytes() < 0 ? "This machine has " : "This container may use ")
        + Bytes.format(hardware.usableMemoryBytes())
        + " of memory";
  }

  private boolean consented(License license) {
    return license.free() || accepted.contains(license.id());
  }

  private boolean fits(MemoryEstimate memory) {
    return memory.total() <= room();
  }

  private long room() {
    return Math.max(0, hardware.availableMemoryBytes() - settings.reserveBytes());
  }

  private String left() {
    return Bytes.format(room()) + " are available now";
  }
}
