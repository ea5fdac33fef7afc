package dev.finch.routing;

import static java.util.Objects.requireNonNull;

import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.settings.Section;
import java.time.Duration;

/**
 * The configuration section {@code finch.routing.shadow}.
 *
 * @param enabled whether the leg that does not answer is asked too, to compare
 * @param share of the prompts, from 0 to 1
 * @param atOnce comparisons that may be under way
 * @param time how long the other answer may take
 */
record ShadowSettings(boolean enabled, double share, int atOnce, Duration time) {

  ShadowSettings {
    requireNonNull(time, "time");
  }

  static ShadowSettings from(Section shadow) {
    return new ShadowSettings(
        shadow.bool("enabled"),
        shadow.number("share", 0, 1),
        shadow.integer("at-once", 1, 1000),
        shadow.duration("time", Duration.ofMillis(10), Duration.ofHours(1)));
  }

  /**
   * Whether this prompt's answer may be compared: only where its privacy leaves both ways open, and
   * it names neither leg.
   *
   * @param underWay comparisons under way
   */
  boolean covers(GenerateRequest request, int underWay) {
    return enabled
        && underWay < atOnce
        && request.effectivePrivacy() == Privacy.LOCAL_FIRST
        && drawn(request.id());
  }

  /** The same for the same id, so that a prompt that is asked again is treated alike. */
  private boolean drawn(String id) {
    return (id.hashCode() >>> 1) < share * (1L << 31);
  }
}
