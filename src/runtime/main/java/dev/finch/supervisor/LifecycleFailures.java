package dev.finch.supervisor;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.model.Bytes;
import dev.finch.model.ModelSpec;

/** What can go wrong with a model's life, in words. */
final class LifecycleFailures {

  private LifecycleFailures() {}

  static Failure notDownloaded(ModelSpec spec) {
    long bytes = spec.downloadBytes();
    String size = bytes < 0 ? "" : " (" + Bytes.format(bytes) + ")";
    return Failure.permanent(
        FailureCode.MODEL_NOT_READY,
        spec.name() + " is not on this machine yet" + size + ".",
        "Fetch it with `finch pull " + spec.reference() + "`, or add --wait to fetch it now.");
  }

  static Failure engineDied(ModelSpec spec) {
    return Failure.passing(
        FailureCode.ENGINE_FAILED,
        "The engine that ran " + spec.name() + " stopped unexpectedly.",
        "It is loaded again by itself; --verbose shows the cause.");
  }
}
