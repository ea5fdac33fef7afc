package dev.finch.cli.command;

import picocli.CommandLine.Option;

/** What every command understands. */
class BasicOptions {

  @Option(
      names = {"-v", "--verbose"},
      description = "show what happens, and stack traces of failures")
  boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  boolean help;
}
