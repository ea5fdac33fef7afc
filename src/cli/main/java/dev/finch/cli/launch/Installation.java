package dev.finch.cli.launch;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The unpacked distribution that runs. */
public final class Installation {

  private Installation() {}

  /** Its directory with {@code bin}, {@code conf} and {@code lib}; null outside a distribution. */
  public static @Nullable Path home() {
    String home = System.getProperty("finch-launcher.home");
    return home == null ? null : Path.of(home);
  }
}
