package dev.finch.claude;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps requests off models that are, or are about to be, retired, as Claude's list of models
 * tells. Without a list every model is taken as it is named. Not thread-safe.
 */
final class ModelGuard {

  private static final Logger LOG = LoggerFactory.getLogger(ModelGuard.class);
  private static final Duration AFTER_FAILURE = Duration.ofMinutes(15);

  /**
   * Which model to ask.
   *
   * @param model the one to ask
   * @param maxTokens most tokens that it answers with, or {@link Integer#MAX_VALUE} where unknown
   * @param warning why it is not the wanted one, or that the wanted one is ending; null where all
   *     is well
   */
  record Choice(String model, int maxTokens, @Nullable String warning) {}

  private final ClaudeSettings settings;
  private final Set<String> warned = new HashSet<>();
  private List<CloudModel> models = List.of();
  private @Nullable Instant askAgainAt;

  ModelGuard(ClaudeSettings settings) {
    this.settings = settings;
  }

  /** Whether the list is to be asked for; says so once per refresh time. */
  boolean due(Instant now) {
    Duration refresh = settings.lifecycle().refresh();
    if (refresh.isZero() || (askAgainAt != null && now.isBefore(askAgainAt))) {
      return false;
    }
    askAgainAt = now.plus(refresh);
    return true;
  }

  /** Takes a new list. */
  void update(List<CloudModel> list) {
    models = list;
  }

  /** The list could not be had: it is asked for again earlier than it would be. */
  void failed(Instant now) {
    Instant earlier = now.plus(AFTER_FAILURE);
    askAgainAt = askAgainAt == null || earlier.isBefore(askAgainAt) ? earlier : askAgainAt;
  }

  /** The model to ask for one that was wanted; logs each warning once. */
  Choice choose(String wanted, Instant now) {
    return warned(
        choose(wanted, models, settings.successor(), now.plus(settings.lifecycle().notice())));
  }

  /** The model to ask for one that Claude says it does not know, or null where there is none. */
  @Nullable Choice chooseInsteadOf(String unknown) {
    Choice choice = insteadOf(unknown, models, settings.successor(), settings.model());
    return choice == null ? null : warned(choice);
  }

  static Choice choose(
      String wanted, List<CloudModel> models, @Nullable String successor, Instant horizon) {
    CloudModel known = find(models, wanted);
    if (known == null || known.active()) {
      return new Choice(wanted, maxTokens(known), null);
    }
    String ending = "Claude's model " + wanted + " " + ending(known);
    CloudModel next = known.goneBy(horizon) ? successor(known.line(), models, successor) : null;
    if (next == null) {
      String advice = "; choose another one in finch.cloud.model.";
      return new Choice(wanted, maxTokens(known), ending + advice);
    }
    return new Choice(next.id(), maxTokens(next), ending + "; " + next.id() + " answers instead.");
  }

  static @Nullable Choice insteadOf(
      String unknown, List<CloudModel> models, @Nullable String successor, String configured) {
    CloudModel listed = find(models, unknown);
    // A name that only this request gave, and that no list knows, is likelier misspelt than
    // retired.
    if (listed == null ? !unknown.equals(configured) : listed.active()) {
      return null;
    }
    CloudModel next =
        successor(listed == null ? lineOf(unknown, models) : listed.line(), models, successor);
    return next == null
        ? null
        : new Choice(
            next.id(),
            maxTokens(next),
            "Claude does not know the model " + unknown + "; " + next.id() + " answers instead.");
  }

  private Choice warned(Choice choice) {
    if (choice.warning() != null && warned.add(choice.warning())) {
      LOG.warn(choice.warning());
    }
    return choice;
  }

  /** A retired model may have left the list; its name still says which line it was of. */
  private static @Nullable String lineOf(String id, List<CloudModel> models) {
    return models.stream()
        .map(CloudModel::line)
        .filter(line -> line != null && id.startsWith("claude-") && id.contains(line))
        .findFirst()
        .orElse(null);
  }

  private static @Nullable CloudModel successor(
      @Nullable String line, List<CloudModel> models, @Nullable String configured) {
    CloudModel named = configured == null ? null : find(models, configured);
    if (named != null && named.active()) {
      return named;
    }
    return models.stream()
        .filter(model -> model.active() && line != null && line.equals(model.line()))
        .max(Comparator.comparing(CloudModel::createdAt))
        .orElse(null);
  }

  private static @Nullable CloudModel find(List<CloudModel> models, String id) {
    return models.stream().filter(model -> model.id().equals(id)).findFirst().orElse(null);
  }

  private static int maxTokens(@Nullable CloudModel model) {
    return model == null || model.maxTokens() == 0 ? Integer.MAX_VALUE : model.maxTokens();
  }

  private static String ending(CloudModel model) {
    if (model.lifecycle().equals("retired")) {
      return "is retired";
    }
    return model.retiresAt() == null
        ? "is " + model.lifecycle()
        : "is " + model.lifecycle() + " and ends on " + model.retiresAt();
  }
}
