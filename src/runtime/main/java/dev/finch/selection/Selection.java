package dev.finch.selection;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.model.Bytes;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.selection.MachineFit.Verdict;
import dev.finch.selection.SelectionSettings.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The decision which model a machine gets: a function of what was measured. Immutable. */
final class Selection {

  private final ModelCatalog catalog;
  private final SelectionSettings settings;

  /**
   * Checks the table against the catalogue.
   *
   * @throws FinchException with {@link FailureCode#SETTINGS_INVALID} where a row names a model that
   *     cannot be chosen
   */
  Selection(ModelCatalog catalog, SelectionSettings settings) {
    this.catalog = catalog;
    this.settings = settings;
    for (Row row : settings.table()) {
      try {
        catalog.specOf(reference(row));
      } catch (FinchException e) {
        throw new FinchException(
            Failure.permanent(
                FailureCode.SETTINGS_INVALID,
                "finch.selection.table: " + e.failure().message(),
                e.failure().hint().orElse(null)),
            e);
      }
    }
  }

  /**
   * Chooses. {@code auto} goes by the table; anything else wins, with a warning where it will not
   * fit.
   *
   * @param ofFile memory of the file that is preferred, where one is
   */
  ModelSelector.Reply select(
      ModelReference preference,
      Set<String> accepted,
      Hardware hardware,
      Optional<MemoryEstimate> ofFile) {
    FitCheck fit = new FitCheck(hardware, accepted, settings);
    try {
      return preference instanceof ModelReference.Auto
          ? auto(fit)
          : explicit(catalog.specOf(preference), fit, ofFile);
    } catch (FinchException refused) {
      return new ModelSelector.Refused(refused.failure());
    }
  }

  /** The whole catalogue held against the machine, and what {@code auto} would take. */
  MachineFit assess(Set<String> accepted, Hardware hardware) {
    FitCheck fit = new FitCheck(hardware, accepted, settings);
    List<Verdict> verdicts =
        catalog.entries().stream()
            .map(entry -> verdict(entry, fit))
            .sorted(
                Comparator.comparingLong(Verdict::memoryBytes)
                    .reversed()
                    .thenComparing(Verdict::title))
            .toList();
    ModelSelector.Reply now = auto(fit);
    ModelReference chosen = chosen(now);
    ModelReference ideal = chosen(auto(new FitCheck(hardware, catalog.licenses(), settings)));
    return new MachineFit(
        hardware, chosen, why(now), ideal == null || ideal.equals(chosen) ? null : ideal, verdicts);
  }

  private static @Nullable ModelReference chosen(ModelSelector.Reply reply) {
    return reply instanceof ModelSelector.Selected selected ? selected.spec().reference() : null;
  }

  private static String why(ModelSelector.Reply reply) {
    return switch (reply) {
      case ModelSelector.Selected(_, String why, _) -> why;
      case ModelSelector.NoneFits(Failure why) -> why.message();
      case ModelSelector.Refused(Failure why) -> why.message();
    };
  }

  private ModelSelector.Reply auto(FitCheck fit) {
    Hardware hardware = fit.hardware();
    List<Row> rows =
        settings.table().stream()
            .filter(row -> row.fromBytes() <= hardware.usableMemoryBytes())
            .toList()
            .reversed();
    List<String> passedOver = new ArrayList<>();
    for (Row row : rows) {
      Optional<String> obstacle = fit.obstacle(entry(row.model()));
      if (obstacle.isEmpty()) {
        return new ModelSelector.Selected(
            catalog.specOf(reference(row)), why(fit, row, passedOver), hardware.warnings());
      }
      passedOver.add(row.model() + " " + obstacle.get());
    }
    return none(fit, passedOver);
  }

  private static String why(FitCheck fit, Row row, List<String> passedOver) {
    String obstacles = passedOver.isEmpty() ? "" : " (" + String.join("; ", passedOver) + ")";
    return fit.found() + ", so " + row.model() + " was chosen" + obstacles + ".";
  }

  private ModelSelector.Reply none(FitCheck fit, List<String> passedOver) {
    Row least = settings.table().getFirst();
    String why =
        passedOver.isEmpty()
            ? "; the smallest model, "
                + least.model()
                + ", is meant for "
                + Bytes.format(least.fromBytes())
                + " or more."
            : ", but " + String.join("; ", passedOver) + ".";
    return new ModelSelector.NoneFits(
        Failure.passing(
            FailureCode.NONE_FITS,
            fit.found() + why,
            "Free some memory, name a model with --model, or let Claude answer by setting"
                + " ANTHROPIC_API_KEY."));
  }

  private ModelSelector.Reply explicit(
      ModelSpec spec, FitCheck fit, Optional<MemoryEstimate> ofFile) {
    Optional<Failure> refusal = fit.refusal(spec);
    if (refusal.isPresent()) {
      return new ModelSelector.Refused(refusal.get());
    }
    List<String> warnings = new ArrayList<>(fit.hardware().warnings());
    ofFile
        .or(() -> memory(spec))
        .flatMap(memory -> fit.warning(spec, memory))
        .ifPresent(warnings::add);
    return new ModelSelector.Selected(spec, spec.reference() + " was named.", warnings);
  }

  /** Empty where only the Hub's listing or a file could tell. */
  private Optional<MemoryEstimate> memory(ModelSpec spec) {
    MemoryUse use = MemoryUse.ofContext(settings.contextLength());
    return switch (spec.origin()) {
      case ModelSpec.Origin.Random random ->
          Optional.of(MemoryEstimate.ofRandom(random.config(), use));
      case ModelSpec.Origin.Hub hub
          when spec.reference() instanceof ModelReference.Catalogued named
              && hub.selector() != null ->
          Optional.of(entry(named.name()).memory(hub.selector(), use));
      default -> Optional.empty();
    };
  }

  private Verdict verdict(CatalogEntry entry, FitCheck fit) {
    ModelSpec spec = entry.spec(entry.reference(), entry.defaultQuantization());
    Optional<String> obstacle = fit.obstacle(entry);
    return new Verdict(
        entry.reference(),
        spec.name(),
        spec.downloadBytes(),
        fit.memory(entry).total(),
        entry.license(),
        obstacle.isEmpty(),
        obstacle.orElse("fits"));
  }

  private CatalogEntry entry(String name) {
    return catalog.entry(name).orElseThrow(() -> new IllegalArgumentException(name));
  }

  private static ModelReference.Catalogued reference(Row row) {
    return new ModelReference.Catalogued(row.model(), null);
  }
}
