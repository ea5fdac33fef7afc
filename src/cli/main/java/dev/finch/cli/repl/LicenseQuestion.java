package dev.finch.cli.repl;

import dev.finch.ModelListing;
import dev.finch.cli.launch.Connection;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.model.License;
import dev.finch.model.LoadRequest;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks for consent to a licence that is not a free one: above the prompt, so that nothing that is
 * being typed is disturbed. A line that is only {@code y} or {@code n} answers, and the answer is
 * remembered. One other line may come first, which was being typed when the question appeared;
 * after a second one the question is over, so that no consent is read from a line that meant
 * something else. Thread-safe.
 */
final class LicenseQuestion {

  /** What is asked, and what a yes sets going. */
  record Open(License license, Consumer<License> accepted, boolean passedOver) {

    /** What is left of it once a line came that is no answer; null where nothing is. */
    @Nullable Open afterOther() {
      return passedOver ? null : new Open(license, accepted, true);
    }
  }

  private final Screen screen;
  private final Backend backend;
  private final AtomicReference<@Nullable Open> open = new AtomicReference<>();
  private boolean looked;

  LicenseQuestion(Screen screen, Backend backend) {
    this.screen = screen;
    this.backend = backend;
  }

  /**
   * Asks where a state shows that a licence stands in the way. Called by one thread at a time.
   *
   * @param load loads a model once its licence is accepted
   */
  void show(RuntimeState state, Consumer<LoadRequest> load) {
    if (state.preparing().orElse(null) instanceof ModelState.Failed failed
        && failed.failure().code() == FailureCode.LICENSE_NOT_ACCEPTED) {
      ModelReference named = ModelReference.parse(failed.name());
      about(named, failed.failure(), license -> load.accept(accepting(named, license)));
    } else if (!looked && isChosen(state)) {
      looked = true;
      offerBetter(load);
    }
  }

  private static LoadRequest accepting(ModelReference model, License license) {
    return LoadRequest.builder(model).acceptLicense(license.id()).build();
  }

  private static boolean isChosen(RuntimeState state) {
    return state.preparing().orElse(null) instanceof ModelState.Downloading
        || state.preparing().orElse(null) instanceof ModelState.NotAvailable
        || (state.serving().orElse(null) instanceof ModelState.Ready ready
            && !ready.info().demonstration());
  }

  /** {@code auto} took the best free model; a better one may lack only the consent. */
  private void offerBetter(Consumer<LoadRequest> load) {
    Connection connection = backend.connection();
    if (connection == null
        || !connection.local()
        || !connection.setup().configuration().whole().getString("finch.model").equals("auto")) {
      return;
    }
    connection
        .finch()
        .fitAsync()
        .thenAccept(
            fit -> {
              ModelReference better = fit.withConsent().orElse(null);
              if (better != null) {
                withLicense(
                    better,
                    license -> {
                      if (!connection.setup().consents().answered(license.id())) {
                        ask(better, license, it -> load.accept(accepting(ModelReference.AUTO, it)));
                      }
                    });
              }
            });
  }

  /**
   * Asks about a model that was named and refused.
   *
   * @param refusal is shown instead where nobody here can consent
   * @param accepted gets the licence after a yes
   */
  void about(ModelReference model, Failure refusal, Consumer<License> accepted) {
    Connection connection = backend.connection();
    if (connection == null || !connection.local()) {
      screen.notice("✗ " + refusal.describe());
      return;
    }
    withLicense(model, license -> ask(model, license, accepted));
  }

  private void withLicense(ModelReference model, Consumer<License> then) {
    backend
        .finch()
        .thenCompose(finch -> finch.modelsAsync())
        .thenAccept(
            models -> {
              License license = license(models, model);
              if (license != null) {
                then.accept(license);
              }
            });
  }

  private static @Nullable License license(List<ModelListing> models, ModelReference wanted) {
    for (ModelListing model : models) {
      if (wanted instanceof ModelReference.Catalogued(var name, _)
          && model.reference() instanceof ModelReference.Catalogued(var listed, _)
          && listed.equals(name)) {
        return model.license().orElse(null);
      }
    }
    return null;
  }

  private void ask(ModelReference model, License license, Consumer<License> accepted) {
    Open asked = new Open(license, accepted, false);
    Open before = open.getAndSet(asked);
    if (before != null && before.license().equals(license)) {
      return;
    }
    String text = license.url().isEmpty() ? "" : "\n  " + license.url().orElse(null);
    screen.notice(
        "? "
            + model
            + " comes under the "
            + license.name()
            + "."
            + text
            + "\n  Accept it and use that model? Type y or n.");
  }

  /** Takes a line that answers the open question; false where it is something else. */
  boolean answers(String line) {
    Open asked = open.get();
    Boolean yes = meaning(line);
    Connection connection = backend.connection();
    if (asked == null || connection == null) {
      return false;
    }
    if (yes == null) {
      open.compareAndSet(asked, asked.afterOther());
      return false;
    }
    open.set(null);
    String id = asked.license().id();
    boolean kept = connection.setup().consents().keep(id, yes);
    String memory = kept ? "This is remembered.\n" : "This holds until you leave.\n";
    if (yes) {
      screen.write("Accepted. " + memory);
      asked.accepted().accept(asked.license());
    } else {
      screen.write("Not accepted. " + memory);
    }
    return true;
  }

  private static @Nullable Boolean meaning(String line) {
    return switch (line.toLowerCase(Locale.ROOT)) {
      case "y", "yes" -> Boolean.TRUE;
      case "n", "no" -> Boolean.FALSE;
      default -> null;
    };
  }
}
