package dev.finch.model;

import java.time.Duration;
import java.util.Locale;

/** Amounts as people read them. */
public final class Bytes {

  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

  private Bytes() {}

  /** Bytes in decimal units with at most one decimal, for example {@code 2.1 GB}. */
  public static String format(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 999.5 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    String digits = unit < 2 ? "%.0f" : "%.1f";
    return String.format(Locale.ROOT, digits, value) + " " + UNITS[unit];
  }

  /** A duration in its two largest units, for example {@code 1 min 5 s}. */
  public static String format(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
  }
}
