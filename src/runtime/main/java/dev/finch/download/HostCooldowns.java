package dev.finch.download;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Until when each host asked to be left alone. Shared by all downloads; thread-safe. */
final class HostCooldowns {

  private final ConcurrentMap<String, Instant> shutUntil = new ConcurrentHashMap<>();

  /** Nothing is to be asked of the host before {@code until}. */
  void shut(String host, Instant until) {
    shutUntil.merge(host, until, (a, b) -> a.isAfter(b) ? a : b);
  }

  /** How long to wait before the host may be asked; zero where at once. */
  Duration remaining(String host, Instant now) {
    Instant until = shutUntil.get(host);
    if (until == null || !until.isAfter(now)) {
      return Duration.ZERO;
    }
    return Duration.between(now, until);
  }
}
