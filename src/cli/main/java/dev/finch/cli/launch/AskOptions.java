package dev.finch.cli.launch;

import dev.finch.model.ModelReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asked of a question or of the REPL.
 *
 * @param words the question, empty where it comes from stdin or where the REPL was meant
 * @param model null where none was named
 * @param files to be appended to the question; {@code -} is stdin
 * @param server a running server's URL, or null
 */
public record AskOptions(
    String words,
    @Nullable ModelReference model,
    boolean local,
    boolean cloud,
    boolean await,
    @Nullable String system,
    @Nullable Double temperature,
    @Nullable Long seed,
    @Nullable Integer maxTokens,
    List<String> stop,
    @Nullable String schemaFile,
    List<String> files,
    boolean json,
    boolean stream,
    List<String> acceptedLicenses,
    @Nullable String server,
    boolean quiet,
    boolean verbose,
    boolean help,
    boolean version) {

  public AskOptions {
    stop = List.copyOf(stop);
    files = List.copyOf(files);
    acceptedLicenses = List.copyOf(acceptedLicenses);
  }

  /** Nothing was named that rules the demonstration model out. */
  public boolean bare() {
    return model == null && !local && !cloud && !await && !json && schemaFile == null;
  }
}
