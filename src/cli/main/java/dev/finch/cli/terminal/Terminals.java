package dev.finch.cli.terminal;

import java.io.Console;

/**
 * Which standard streams are terminals. The launcher tests them, because the shell does it without
 * loading a class.
 *
 * @param dumb whether the terminal cannot move its cursor
 * @param color whether colour may be used
 */
public record Terminals(boolean input, boolean output, boolean error, boolean dumb, boolean color) {

  @SuppressWarnings(
      "SystemConsoleNull") // whether it may be null depends on the JDK's console provider
  public static Terminals detect() {
    String fromLauncher = System.getProperty("finch-launcher.terminals");
    if (fromLauncher == null) {
      Console java = System.console();
      boolean console = java != null && java.isTerminal();
      fromLauncher = console ? "ioe" : "";
    }
    String type = System.getenv("TERM");
    boolean dumb = type == null || type.isEmpty() || type.equals("dumb");
    String noColor = System.getenv("NO_COLOR");
    return new Terminals(
        fromLauncher.indexOf('i') >= 0,
        fromLauncher.indexOf('o') >= 0,
        fromLauncher.indexOf('e') >= 0,
        dumb,
        !dumb && (noColor == null || noColor.isEmpty()));
  }

  /** A line editor can work here. */
  public boolean editable() {
    return interactive() && !dumb;
  }

  /** Somebody types, and sees what is answered. */
  public boolean interactive() {
    return input && output;
  }
}
