package dev.finch.cli.repl;

import dev.finch.cli.output.Footer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Provenance;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What this session's answers took, by who gave them. One thread. */
final class Usage {

  private record Sum(long answers, long promptTokens, long completionTokens, long microDollars) {
    Sum plus(AnswerEvent.Finished end) {
      return new Sum(
          answers + 1,
          promptTokens + end.usage().promptTokens(),
          completionTokens + end.usage().completionTokens(),
          microDollars + end.cost().microDollars().orElse(0));
    }
  }

  private final Map<String, Sum> sums = new TreeMap<>();

  void add(Provenance who, AnswerEvent.Finished end) {
    String key = who.provider().name().toLowerCase(Locale.ROOT) + " " + who.model();
    sums.put(key, sums.getOrDefault(key, new Sum(0, 0, 0, 0)).plus(end));
  }

  String describe() {
    if (sums.isEmpty()) {
      return "No answers yet.\n";
    }
    StringBuilder text = new StringBuilder();
    sums.forEach(
        (who, sum) ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "%-40s %4d answers %8d → %d tokens  %s%n",
                    who,
                    sum.answers(),
                    sum.promptTokens(),
                    sum.completionTokens(),
                    Footer.dollars(sum.microDollars()))));
    return text.toString();
  }
}
