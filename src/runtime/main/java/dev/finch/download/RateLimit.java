package dev.finch.download;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long a host wants to be left alone, from {@code RateLimit: "api";r=0;t=42} (the Hub's own
 * header, sent with ordinary answers too) and {@code Retry-After}.
 */
final class RateLimit {

  private static final Pattern REMAINING = Pattern.compile(";\\s*r=(\\d{1,9})");
  private static final Pattern RESET = Pattern.compile(";\\s*t=(\\d{1,9})");
  private static final Duration LONGEST = Duration.ofHours(1);

  private RateLimit() {}

  /** Zero where the host may be asked again at once. */
  static Duration wait(
      int status, @Nullable String rateLimit, @Nullable String retryAfter, Instant now) {
    Duration wait = Duration.ZERO;
    boolean refused = status == 429 || status == 503;
    if (rateLimit != null) {
      Matcher remaining = REMAINING.matcher(rateLimit);
      boolean spent = remaining.find() && Long.parseLong(remaining.group(1)) == 0;
      Matcher reset = RESET.matcher(rateLimit);
      if ((spent || status == 429) && reset.find()) {
        wait = Duration.ofSeconds(Long.parseLong(reset.group(1)) + 1);
      }
    }
    if (refused && retryAfter != null) {
      Duration asked = retryAfter(retryAfter.strip(), now);
      wait = asked.compareTo(wait) > 0 ? asked : wait;
    }
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }

  private static Duration retryAfter(String value, Instant now) {
    try {
      return Duration.ofSeconds(Math.max(0, Long.parseLong(value)));
    } catch (NumberFormatException e) {
      // An HTTP date is the header's other form.
    }
    try {
      Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO;
    } catch (DateTimeParseException e) {
      return Duration.ZERO;
    }
  }
}
