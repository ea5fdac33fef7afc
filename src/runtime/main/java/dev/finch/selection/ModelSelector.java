package dev.finch.selection;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.failure.Thrown;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Decides which model this machine gets. It measures anew for each question, on a dispatcher for
 * blocking work; what it decides with is {@link Selection}.
 */
public final class ModelSelector extends AbstractMatchingBehavior<ModelSelector.Command> {

  /** What the selector is told. */
  public sealed interface Command {}

  /**
   * Choose.
   *
   * @param preference {@code auto}, or an explicit choice, which wins
   * @param acceptedLicenses identifiers of licences accepted beside the free ones
   */
  public record Select(
      ModelReference preference, Set<String> acceptedLicenses, ActorRef<Reply> replyTo)
      implements Command {
    public Select {
      requireNonNull(preference, "preference");
      acceptedLicenses = Set.copyOf(acceptedLicenses);
      requireNonNull(replyTo, "replyTo");
    }
  }

  /** Hold the machine against the whole catalogue. */
  public record Assess(Set<String> acceptedLicenses, ActorRef<MachineFit> replyTo)
      implements Command {
    public Assess {
      acceptedLicenses = Set.copyOf(acceptedLicenses);
      requireNonNull(replyTo, "replyTo");
    }
  }

  /** From now on this licence counts as accepted, whatever a question says. */
  public record Accept(String license) implements Command {
    public Accept {
      requireNonNull(license, "license");
    }
  }

  private record Decided(ActorRef<Reply> replyTo, Reply reply) implements Command {}

  private record AssessmentFailed(String why) implements Command {}

  private record Assessed(ActorRef<MachineFit> replyTo, MachineFit fit) implements Command {}

  /** The outcome of {@link Select}. */
  public sealed interface Reply {}

  /**
   * This one.
   *
   * @param why in one sentence
   * @param warnings what the user should know before it is loaded
   */
  public record Selected(ModelSpec spec, String why, List<String> warnings) implements Reply {
    public Selected {
      requireNonNull(spec, "spec");
      requireNonNull(why, "why");
      warnings = List.copyOf(warnings);
    }
  }

  /** {@code auto} found nothing that this machine can run. */
  public record NoneFits(Failure why) implements Reply {}

  /** The explicit choice cannot be taken: unknown, unsupported, or its licence is not accepted. */
  public record Refused(Failure why) implements Reply {}

  /**
   * A selector for this machine.
   *
   * @throws FinchException with {@link FailureCode#SETTINGS_INVALID} where the table names a model
   *     that the catalogue does not have
   */
  public static Behavior<Command> create(SelectionSettings settings, ModelCatalog catalog) {
    return create(settings, catalog, new HardwareProbe(settings)::measure);
  }

  static Behavior<Command> create(
      SelectionSettings settings, ModelCatalog catalog, Supplier<Hardware> probe) {
    Selection selection = new Selection(catalog, settings);
    return Behaviors.setup(context -> new ModelSelector(context, settings, selection, probe));
  }

  private final SelectionSettings settings;
  private final Selection selection;
  private final Supplier<Hardware> probe;
  private final Executor blocking;
  private Set<String> accepted = Set.of();

  private ModelSelector(
      ActorContext<Command> context,
      SelectionSettings settings,
      Selection selection,
      Supplier<Hardware> probe) {
    super(context);
    this.settings = settings;
    this.selection = selection;
    this.probe = probe;
    this.blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Select select -> onSelect(select);
      case Assess assess -> onAssess(assess);
      case Accept(String license) -> accepted = with(Set.of(license));
      case Decided(ActorRef<Reply> replyTo, Reply reply) -> replyTo.tell(reply);
      case AssessmentFailed(String why) ->
          getContext().getLog().error("The machine was not assessed: {}", why);
      case Assessed(ActorRef<MachineFit> replyTo, MachineFit fit) -> replyTo.tell(fit);
    }
    return this;
  }

  private void onSelect(Select select) {
    Set<String> consents = with(select.acceptedLicenses());
    getContext()
        .pipeToSelf(
            CompletableFuture.supplyAsync(() -> decide(select.preference(), consents), blocking),
            (reply, failed) ->
                new Decided(select.replyTo(), failed == null ? reply : refused(failed)));
  }

  private void onAssess(Assess assess) {
    Set<String> consents = with(assess.acceptedLicenses());
    getContext()
        .pipeToSelf(
            CompletableFuture.supplyAsync(() -> selection.assess(consents, probe.get()), blocking),
            (fit, failed) ->
                fit == null
                    ? new AssessmentFailed(String.valueOf(failed))
                    : new Assessed(assess.replyTo(), fit));
  }

  private Set<String> with(Set<String> licenses) {
    Set<String> all = new HashSet<>(accepted);
    all.addAll(licenses);
    return Set.copyOf(all);
  }

  private Reply decide(ModelReference preference, Set<String> consents) {
    MemoryUse use = MemoryUse.ofContext(settings.contextLength());
    Optional<MemoryEstimate> ofFile = FileMemory.of(preference, use);
    return selection.select(preference, consents, probe.get(), ofFile);
  }

  private static Reply refused(Throwable failed) {
    return new Refused(
        Thrown.failure(
            failed,
            cause ->
                Failure.permanent(FailureCode.INTERNAL, "Selection failed: " + cause + ".", null)));
  }
}
