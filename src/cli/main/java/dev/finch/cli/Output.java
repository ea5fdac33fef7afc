package dev.finch.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** Where a command writes: results to {@code out}, everything else to {@code err}. */
record Output(Terminals terminals, StandardStream out, StandardStream err) {

  void print(String text) {
    out.print(text);
    out.flush();
  }

  void json(JsonNode node) {
    out.println(JsonText.pretty(node));
    out.flush();
  }

  void note(String line) {
    err.println(line);
    err.flush();
  }
}
