package dev.finch.model;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the runtime stands: its models, one of them the primary, which answers what names no model.
 * Immutable.
 */
public final class RuntimeState {

  /** No model was asked for. */
  public static final RuntimeState EMPTY = new RuntimeState(List.of());

  /**
   * A model and where it stands.
   *
   * @param primary whether it is the one that answers what names no model, or will
   */
  public record Standing(ModelState state, boolean primary) {
    public Standing {
      requireNonNull(state, "state");
    }
  }

  private final List<Standing> models;

  private RuntimeState(List<Standing> models) {
    this.models = models;
  }

  /**
   * The state of these two.
   *
   * @param serving the model that answers or last answered: {@code Ready}, {@code Draining} or
   *     {@code Idle}; null where none does
   * @param preparing the model that is being selected, fetched or loaded, or that could not be;
   *     null where none is on its way
   */
  public static RuntimeState of(@Nullable ModelState serving, @Nullable ModelState preparing) {
    List<Standing> models = new ArrayList<>();
    if (serving != null) {
      models.add(new Standing(serving, true));
    }
    if (preparing != null) {
      models.add(new Standing(preparing, serving == null));
    }
    return new RuntimeState(List.copyOf(models));
  }

  /** All models; one of them is the primary, unless there is none. */
  public List<Standing> models() {
    return models;
  }

  /** The primary; empty where no model was asked for. */
  public Optional<ModelState> primary() {
    return models.stream().filter(Standing::primary).map(Standing::state).findFirst();
  }

  /**
   * The model that answers or last answered: {@code Ready}, {@code Draining} or {@code Idle}; empty
   * where none does.
   */
  public Optional<ModelState> serving() {
    return models.stream().map(Standing::state).filter(RuntimeState::isLoaded).findFirst();
  }

  /**
   * The model that is being selected, fetched or loaded, or that could not be; empty where none is
   * on its way.
   */
  public Optional<ModelState> preparing() {
    return models.stream().map(Standing::state).filter(state -> !isLoaded(state)).findFirst();
  }

  private static boolean isLoaded(ModelState state) {
    return switch (state) {
      case ModelState.Ready _, ModelState.Draining _, ModelState.Idle _ -> true;
      case ModelState.Selecting _,
          ModelState.Downloading _,
          ModelState.Loading _,
          ModelState.Failed _,
          ModelState.NotAvailable _ ->
          false;
    };
  }

  /** The loaded model; empty while none is Ready. */
  public Optional<ModelInfo> ready() {
    return serving()
        .flatMap(
            state ->
                state instanceof ModelState.Ready ready
                    ? Optional.of(ready.info())
                    : Optional.empty());
  }

  /** One line for people. */
  public String describe() {
    List<String> said = models.stream().map(Standing::state).map(ModelState::describe).toList();
    return said.isEmpty() ? "No model asked for yet" : String.join("; ", said);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RuntimeState that && models.equals(that.models);
  }

  @Override
  public int hashCode() {
    return models.hashCode();
  }

  @Override
  public String toString() {
    return "RuntimeState" + models;
  }
}
