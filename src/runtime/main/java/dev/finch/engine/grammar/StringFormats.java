package dev.finch.engine.grammar;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The formats of strings, as GBNF without references of the text itself. Each derives texts of its
 * format and perhaps not all of them; February has 28 days. Others are annotations.
 */
final class StringFormats {

  /** What {@code contentEncoding} of this name means, which older drafts' validators assert. */
  static final String BASE64 = "\0base64";

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
  private static final String URI = "\"http\" \"s\"? \"://\" " + HOST + " " + PATH;
  private static final String GROUP = JsonRules.HEX + "{1,4}";
  private static final String IPV6 =
      ("((G \":\"){7} G | (G \":\"){1,6} \":\" G | (G \":\"){1,5} (\":\" G){2} | (G \":\"){1,4}"
           + " (\":\" G){3} | (G \":\"){1,3} (\":\" G){4} | (G \":\"){1,2} (\":\" G){5} | G \":\""
           + " (\":\" G){6} | \":\" (\":\" G){1,7} | \"::\")")
          .replace("G", GROUP);
  private static final String EMAIL =
      "[a-z] [a-z0-9]{0,20} ([-._+] [a-z0-9]{1,10}){0,2} \"@\" ([a-z] [a-z0-9]{0,20} \".\"){1,3}"
          + " [a-z]{2,10}";
  private static final String POINTER = "(\"/\" ([-A-Za-z0-9_. ] | \"~\" [01])*)*";
  private static final String LITERAL =
      "[-A-Za-z0-9_ ,;:@/] | \".\" | \"\\\\\" [dwsDWS.] | \"[\" [a-z0-9_]{1,10} \"]\"";
  private static final String QUANTIFIER = "(\"*\" | \"+\" | \"?\")?";
  private static final String REGEX =
      "\"^\"? ((L | \"(\" ((L) Q)+ (\"|\" ((L) Q)+)* \")\") Q)* \"$\"?"
          .replace("L", LITERAL)
          .replace("Q", QUANTIFIER);

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
          Map.entry("email", EMAIL),
          Map.entry("idn-email", EMAIL),
          Map.entry("hostname", HOST),
          Map.entry("idn-hostname", HOST),
          Map.entry("ipv4", BYTE + " (\".\" " + BYTE + "){3}"),
          Map.entry("ipv6", IPV6),
          Map.entry(
              "color",
              "(\"#\" HEX{3} | \"#\" HEX{6} | ".replace("HEX", JsonRules.HEX)
                  + "\"black\" | \"white\" | \"gray\" | \"silver\" | \"red\" | \"maroon\" |"
                  + " \"blue\" | \"navy\" | \"green\" | \"lime\" | \"olive\" | \"yellow\" |"
                  + " \"orange\" | \"purple\" | \"fuchsia\" | \"teal\" | \"aqua\")"),
          Map.entry(
              BASE64, "([A-Za-z0-9+/]{4})* ([A-Za-z0-9+/]{2} \"==\" | [A-Za-z0-9+/]{3} \"=\")?"),
          Map.entry("uri", URI),
          Map.entry("iri", URI),
          Map.entry("uri-reference", "(" + URI + " | " + PATH + ")"),
          Map.entry("iri-reference", "(" + URI + " | " + PATH + ")"),
          Map.entry("uri-template", "([-A-Za-z0-9._~:/] | \"{\" [a-zA-Z] [a-zA-Z0-9_]* \"}\")*"),
          Map.entry("json-pointer", POINTER),
          Map.entry(
              "relative-json-pointer", "(\"0\" | [1-9] [0-9]{0,2}) (\"#\" | " + POINTER + ")"),
          Map.entry("regex", REGEX));

  private static final Map<String, Automaton> AUTOMATA = new ConcurrentHashMap<>();

  private StringFormats() {}

  /** Whether the format says something about texts here. */
  static boolean isKnown(String format) {
    return FORMATS.containsKey(format);
  }

  /** Texts of a format that is known. */
  static Automaton automaton(String format) {
    return AUTOMATA.computeIfAbsent(
        format,
        known -> automatonOf("(" + FORMATS.get(known) + ")", new AutomatonBudget()).smallest());
  }

  /** The texts that GBNF without references derives. */
  static Automaton automatonOf(String body, AutomatonBudget budget) {
    Symbol symbol = new GbnfParser("root ::= " + body + "\n").parse().get(Gbnf.ROOT);
    return Determinizer.whole(Regex.of(requireNonNull(symbol)), budget);
  }
}
