package dev.finch.cli.repl;

import dev.finch.cli.terminal.ForeignText;
import java.util.List;
import java.util.function.Supplier;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes commands, and model references where a command takes one. */
final class ReplCompleter implements Completer {

  private final Supplier<List<String>> models;

  /**
   * @param models the references known by now; asked at every completion, must not block
   */
  ReplCompleter(Supplier<List<String>> models) {
    this.models = models;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    if (!line.line().startsWith("/")) {
      return;
    }
    if (line.wordIndex() == 0) {
      for (SlashCommand command : SlashCommand.values()) {
        candidates.add(
            new Candidate(
                command.word(), command.word(), null, command.description(), null, null, true));
      }
      return;
    }
    SlashCommand command = SlashCommand.of(line.words().getFirst());
    if (command != null && command.takesModel() && line.wordIndex() == 1) {
      for (String model : models.get()) {
        String shown = ForeignText.line(model);
        candidates.add(new Candidate(model, shown, null, null, null, null, true));
      }
    }
  }
}
