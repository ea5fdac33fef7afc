package dev.finch.engine.grammar;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The formats of strings, as GBNF of what stands between the quotes. Each derives texts of its
 * format and perhaps not all of them; February has 28 days.
 */
final class StringFormats {

  private static final String DATE =
      "[1-2] [0-9]{3} \"-\" ((\"0\" [13578] | \"1\" [02]) \"-\" (\"0\" [1-9] | [1-2] [0-9] | \"3\""
          + " [0-1]) | (\"0\" [469] | \"11\") \"-\" (\"0\" [1-9] | [1-2] [0-9] | \"30\") | \"02-\""
          + " (\"0\" [1-9] | \"1\" [0-9] | \"2\" [0-8]))";
  private static final String TIME =
      "([0-1] [0-9] | \"2\" [0-3]) \":\" [0-5] [0-9] \":\" [0-5] [0-9] (\".\" [0-9]{1,6})?"
          + " (\"Z\" | [-+] ([0-1] [0-9] | \"2\" [0-3]) \":\" [0-5] [0-9])";
  private static final String HEX4 = JsonRules.HEX + "{4}";
  private static final String LABEL = "[a-z0-9] ([-a-z0-9]{0,30} [a-z0-9])?";
  private static final String HOST = LABEL + " (\".\" " + LABEL + "){0,4}";
  private static final String BYTE =
      "(\"25\" [0-5] | \"2\" [0-4] [0-9] | \"1\" [0-9]{2} | [1-9]? [0-9])";
  private static final String PATH = "(\"/\" [-A-Za-z0-9._~]{0,40}){0,8}";

  private static final Map<String, String> FORMATS =
      Map.ofEntries(
          Map.entry("date", DATE),
          Map.entry("time", TIME),
          Map.entry("date-time", DATE + " \"T\" " + TIME),
          Map.entry(
              "duration",
              "\"P\" ([0-9]{1,4} \"D\" (\"T\" [0-9]{1,4} [HMS])? | \"T\" [0-9]{1,4} [HMS]"
                  + " | [0-9]{1,4} [YMW])"),
          Map.entry(
              "uuid",
              JsonRules.HEX + "{8} (\"-\" " + HEX4 + "){3} \"-\" " + JsonRules.HEX + "{12}"),
          Map.entry(
              "email",
              "[a-z] [a-z0-9]{0,20} ([-._+] [a-z0-9]{1,10}){0,2} \"@\" [a-z] [a-z0-9]{0,20} \".\""
                  + " [a-z]{2,10}"),
          Map.entry("hostname", HOST),
          Map.entry("ipv4", BYTE + " (\".\" " + BYTE + "){3}"),
          Map.entry("uri", "\"http\" \"s\"? \"://\" " + HOST + " " + PATH),
          Map.entry("password", "[ -!#-Z^-~]{0,100}"));

  private StringFormats() {}

  /** What stands between the quotes, or null for a format that is not known. */
  static @Nullable String of(String format) {
    return FORMATS.get(format);
  }
}
