package dev.finch.model;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import java.util.Locale;

/** Where one model stands on its way to answering. */
public sealed interface ModelState {

  /** One line for people. */
  String describe();

  /** The machine is being measured against the catalogue. */
  record Selecting(ModelReference preference) implements ModelState {
    public Selecting {
      requireNonNull(preference, "preference");
    }

    @Override
    public String describe() {
      return "Selecting a model";
    }
  }

  /** The model's files are being fetched and verified. */
  record Downloading(ModelSpec spec, DownloadProgress progress) implements ModelState {
    public Downloading {
      requireNonNull(spec, "spec");
      requireNonNull(progress, "progress");
    }

    @Override
    public String describe() {
      return switch (progress.phase()) {
        case RESOLVING -> "Resolving " + spec.name();
        case WAITING_FOR_LOCK -> "Waiting for another process that is downloading " + spec.name();
        case VERIFYING -> "Verifying " + spec.name();
        case DONE -> "Downloaded " + spec.name();
        case DOWNLOADING -> downloading();
      };
    }

    private String downloading() {
      String rate =
          progress.bytesPerSecond() > 0 ? " " + Bytes.format(progress.bytesPerSecond()) + "/s" : "";
      var remaining = progress.remaining().orElse(null);
      String left = remaining == null ? "" : ", " + Bytes.format(remaining) + " left";
      String trouble =
          progress.trouble().isEmpty() ? "" : "; trying again: " + progress.trouble().orElse(null);
      return String.format(
          Locale.ROOT,
          "Downloading %s %.0f %% (%s/%s)%s%s%s",
          spec.name(),
          Math.floor(progress.fraction() * 100),
          Bytes.format(progress.committedBytes()),
          Bytes.format(Math.max(0, progress.totalBytes().orElse(-1))),
          rate,
          left,
          trouble);
    }
  }

  /** The model is being read into the engine; {@code fraction} goes from 0 to 1. */
  record Loading(ModelSpec spec, double fraction) implements ModelState {
    public Loading {
      requireNonNull(spec, "spec");
    }

    @Override
    public String describe() {
      return "Loading " + spec.name() + " " + Math.round(fraction * 100) + " %";
    }
  }

  /** The model answers. */
  record Ready(ModelInfo info) implements ModelState {
    public Ready {
      requireNonNull(info, "info");
    }

    @Override
    public String describe() {
      return info.demonstration()
          ? info.name() + " is ready (a demonstration model)"
          : info.name() + " is ready: answers are local";
    }
  }

  /** The model finishes the answers it has begun and takes no new ones. */
  record Draining(ModelInfo info) implements ModelState {
    public Draining {
      requireNonNull(info, "info");
    }

    @Override
    public String describe() {
      return info.name() + " is finishing its last answers";
    }
  }

  /** The model was unloaded to free memory and comes back on demand. */
  record Idle(ModelInfo info) implements ModelState {
    public Idle {
      requireNonNull(info, "info");
    }

    @Override
    public String describe() {
      return info.name() + " is unloaded and comes back on demand";
    }
  }

  /** The model cannot be used; it is tried again where the failure may pass. */
  record Failed(String name, Failure failure) implements ModelState {
    public Failed {
      requireNonNull(name, "name");
      requireNonNull(failure, "failure");
    }

    @Override
    public String describe() {
      return name + " failed: " + failure.describe();
    }
  }

  /** There is no local model to use: none fits, or the machine is offline and has none cached. */
  record NotAvailable(Failure why) implements ModelState {
    public NotAvailable {
      requireNonNull(why, "why");
    }

    @Override
    public String describe() {
      return "No local model: " + why.describe();
    }
  }
}
