package dev.finch.cli.launch;

import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Where warnings of the JDK and of JLine go: into Finch's log, and not onto the user's screen.
 * Registered in the first jar of the distribution's class path, together with a second one that is
 * never used, so that the JDK need not search all the others before the terminal can be opened.
 */
public class SystemLog extends System.LoggerFinder {

  /** Called by the JDK. */
  public SystemLog() {}

  /**
   * What stands in place of {@link System#getLogger} in the copies that {@code lib/finch-start.jar}
   * holds.
   */
  public static System.Logger named(String name) {
    return new Forwarding(name);
  }

  @Override
  public System.Logger getLogger(String name, Module module) {
    return named(name);
  }

  /** What the JDK finds when it asks whether there is another. */
  public static final class Other extends SystemLog {

    /** Called by nobody. */
    public Other() {}
  }

  private record Forwarding(String name) implements System.Logger {

    @Override
    public String getName() {
      return name;
    }

    // Before the log has begun there is nowhere to write to.
    @Override
    public boolean isLoggable(Level level) {
      return level.getSeverity() >= Level.WARNING.getSeverity()
          && level != Level.OFF
          && System.getProperty(LogFile.LEVEL) != null;
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String message,
        @Nullable Throwable thrown) {
      if (isLoggable(level)) {
        LoggerFactory.getLogger(name).warn(message, thrown);
      }
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String format,
        @Nullable Object @Nullable ... parameters) {
      boolean plain = format == null || parameters == null || parameters.length == 0;
      log(
          level,
          bundle,
          plain ? format : MessageFormat.format(format, parameters),
          (Throwable) null);
    }
  }
}
