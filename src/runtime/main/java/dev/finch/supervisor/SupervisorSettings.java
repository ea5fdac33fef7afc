package dev.finch.supervisor;

import static java.util.Objects.requireNonNull;

import dev.finch.model.ModelReference;
import dev.finch.settings.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * How the models are looked after.
 *
 * @param model the model to prepare at start
 * @param prepare how far preparation may go without being asked
 * @param bootstrap whether a small model serves until the chosen one has arrived
 * @param firstRung the small model that serves first under {@code LADDER}
 * @param demonstration whether the built-in model is loaded where no other is at hand
 * @param acceptedLicenses identifiers of licences that the user accepts
 * @param generatedModels where built-in and random models are written
 * @param retry the waits between tries after failures that may pass
 * @param restarts how often a Loader that died is started again before the model is given up
 */
public record SupervisorSettings(
    ModelReference model,
    Prepare prepare,
    Bootstrap bootstrap,
    ModelReference firstRung,
    boolean demonstration,
    Set<String> acceptedLicenses,
    Path generatedModels,
    Backoff retry,
    int restarts) {

  /** How far a model is prepared without being asked. */
  public enum Prepare {
    /** Not at all. */
    NONE,
    /** Only if it needs no download. */
    CACHED,
    /** Downloading it where needed. */
    DOWNLOAD
  }

  /** How the first answer becomes local. */
  public enum Bootstrap {
    DIRECT,
    LADDER
  }

  public SupervisorSettings {
    requireNonNull(model, "model");
    acceptedLicenses = Set.copyOf(acceptedLicenses);
  }

  /** The same where Claude can be asked, for which no toy stands in. */
  public SupervisorSettings withClaude() {
    return new SupervisorSettings(
        model,
        prepare,
        bootstrap,
        firstRung,
        false,
        acceptedLicenses,
        generatedModels,
        retry,
        restarts);
  }

  /** Reads the {@code finch} section. */
  public static SupervisorSettings from(Section finch, Path generatedModels) {
    Section own = finch.section("supervisor");
    Duration shortest = own.duration("retry.shortest", Duration.ofMillis(10), Duration.ofHours(1));
    Duration longest = own.duration("retry.longest", shortest, Duration.ofDays(1));
    ModelReference model = finch.parsed("model", ModelReference.FORMS, ModelReference::parse);
    boolean fallback =
        finch.choice("builtin", BuiltIn.class) == BuiltIn.FALLBACK
            && model instanceof ModelReference.Auto;
    return new SupervisorSettings(
        model,
        own.choice("prepare", Prepare.class),
        finch.choice("bootstrap", Bootstrap.class),
        own.parsed("first-rung", ModelReference.FORMS, ModelReference::parse),
        fallback && own.bool("demonstration"),
        Set.copyOf(finch.strings("licenses.accept")),
        generatedModels,
        new Backoff(shortest, longest),
        own.integer("restarts", 0, 100));
  }

  private enum BuiltIn {
    FALLBACK,
    NEVER
  }
}
