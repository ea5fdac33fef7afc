package dev.finch.cli.output;

import dev.finch.cli.terminal.ForeignText;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Cost;
import dev.finch.inference.FinishReason;
import dev.finch.inference.Provenance;
import dev.finch.inference.Timings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The line below an answer: who gave it, why, how fast and at what cost. */
public final class Footer {

  private Footer() {}

  /** One line, without its end. */
  public static String of(Provenance who, AnswerEvent.Finished end) {
    List<String> parts = new ArrayList<>();
    parts.add(who.provider().name().toLowerCase(Locale.ROOT));
    parts.add(ForeignText.name(who.model()));
    parts.add(who.reason().description());
    parts.add(end.usage().promptTokens() + " → " + end.usage().completionTokens() + " tokens");
    Timings timings = end.timings();
    if (timings.firstToken().isPositive()) {
      parts.add("first token " + seconds(timings.firstToken()));
    }
    if (timings.completionPerSecond().orElse(0) > 0) {
      parts.add(fixed(timings.completionPerSecond().orElse(0), 1) + " tokens/s");
    }
    parts.add(money(end.cost()));
    String ended = unusual(end.reason());
    if (!ended.isEmpty()) {
      parts.add(ended);
    }
    return String.join(" · ", parts);
  }

  static String money(Cost cost) {
    if (!cost.known()) {
      return "price unknown";
    }
    if (cost.microDollars().orElse(0) == 0) {
      return "free";
    }
    return (cost.estimated() ? "about " : "") + dollars(cost.microDollars().orElse(0));
  }

  /** Millionths of a dollar with as many digits as small amounts need. */
  public static String dollars(long microDollars) {
    double dollars = microDollars / 1e6;
    return "$" + fixed(dollars, dollars >= 0.01 || dollars == 0 ? 2 : 6);
  }

  private static String seconds(Duration duration) {
    return fixed(duration.toNanos() / 1e9, 2) + " s";
  }

  // Not String.format, which is slow in a cold JVM.
  private static String fixed(double number, int decimals) {
    String digits = Long.toString(Math.round(number * Math.pow(10, decimals)));
    String padded = "0".repeat(Math.max(0, decimals + 1 - digits.length())) + digits;
    int point = padded.length() - decimals;
    return padded.substring(0, point) + "." + padded.substring(point);
  }

  private static String unusual(FinishReason reason) {
    return switch (reason) {
      case STOP, STOP_SEQUENCE -> "";
      case LENGTH -> "cut at the bound on tokens";
      case TOOL_CALLS -> "wants tools called";
      case REFUSAL -> "refused";
      case CONTEXT_FULL -> "cut: the context is full";
    };
  }
}
