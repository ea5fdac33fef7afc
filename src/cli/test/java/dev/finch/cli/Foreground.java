package dev.finch.cli;

import java.util.List;
import java.util.stream.Stream;

/** Commands that hear Ctrl-C and the end of their terminal. */
final class Foreground {

  private Foreground() {}

  /**
   * The same command as a terminal's shell would start it. A build in the background ignores
   * Ctrl-C, one under nohup the end of its terminal, and so does all that they start.
   */
  static List<String> command(List<String> command) {
    return Stream.concat(Stream.of("env", "--default-signal=INT,HUP"), command.stream()).toList();
  }
}
