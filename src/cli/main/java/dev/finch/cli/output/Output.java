package dev.finch.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.cli.terminal.StandardStream;
import dev.finch.cli.terminal.Terminals;

/** Where a command writes: results to {@code out}, everything else to {@code err}. */
public record Output(Terminals terminals, StandardStream out, StandardStream err) {

  /** A result, at once; the text has its own end of line. */
  public void print(String text) {
    out.print(text);
    out.flush();
  }

  /** A result as JSON, over several lines. */
  public void json(JsonNode node) {
    out.println(JsonText.pretty(node));
    out.flush();
  }

  /** A line beside the result, on stderr. */
  public void note(String line) {
    err.println(line);
    err.flush();
  }
}
