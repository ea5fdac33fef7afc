package dev.finch.cli;

import java.util.List;
import java.util.stream.Stream;

/** Commands that hear Ctrl-C. */
final class Foreground {

  private Foreground() {}

  /**
   * The same command as a terminal's shell would start it. A build that runs in the background
   * ignores Ctrl-C, and so does all that it starts.
   */
  static List<String> command(List<String> command) {
    return Stream.concat(Stream.of("env", "--default-signal=INT"), command.stream()).toList();
  }
}
