package dev.finch.cli.launch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import org.jspecify.annotations.Nullable;

/**
 * Logs into a file below the state directory and never onto the user's screen, except under {@code
 * --verbose}. In code, because reading an XML file costs a tenth of a second.
 */
final class LogFile {

  /** Set before the first logger is used; absent means no file. */
  static final String FILE = "finch-launcher.log";

  static final String LEVEL = "finch-launcher.log-level";
  static final String VERBOSE = "finch-launcher.verbose";

  private LogFile() {}

  /** Adds the appenders that {@link CliSettings#prepareLogging} asked for. */
  static void configure(LoggerContext context) {
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(System.getProperty(LEVEL), Level.INFO));
    context.getLogger("org.apache.pekko").setLevel(Level.WARN);
    String file = System.getProperty(FILE);
    if (file != null) {
      root.addAppender(rolling(context, file));
    }
    if (Boolean.getBoolean(VERBOSE)) {
      root.addAppender(screen(context));
    }
  }

  private static Appender<ILoggingEvent> rolling(LoggerContext context, String file) {
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setFile(file);
    FixedWindowRollingPolicy window = new FixedWindowRollingPolicy();
    window.setContext(context);
    window.setParent(appender);
    window.setFileNamePattern(file + ".%i");
    window.setMinIndex(1);
    window.setMaxIndex(3);
    window.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
    size.setContext(context);
    size.setMaxFileSize(FileSize.valueOf("5MB"));
    size.start();
    appender.setRollingPolicy(window);
    appender.setTriggeringPolicy(size);
    return started(context, appender, "file");
  }

  private static Appender<ILoggingEvent> screen(LoggerContext context) {
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setTarget("System.err");
    return started(context, appender, "screen");
  }

  private static Appender<ILoggingEvent> started(
      LoggerContext context, OutputStreamAppender<ILoggingEvent> appender, @Nullable String name) {
    LogLine encoder = new LogLine();
    encoder.setContext(context);
    encoder.start();
    appender.setName(name);
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }
}
