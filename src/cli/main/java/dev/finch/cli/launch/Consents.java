package dev.finch.cli.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the user answered about licences that are not free ones: a line for each in the state
 * directory, {@code qwen-research accepted}, read by every later start. Thread-safe.
 */
public final class Consents {

  private static final String ACCEPTED = "accepted";
  private static final String DECLINED = "declined";

  private final Path file;
  private final Map<String, String> answers = new TreeMap<>();

  private Consents(Path file) {
    this.file = file;
  }

  /** What was answered so far; a file that cannot be read holds no answer. */
  static Consents in(Path stateDirectory) {
    Consents consents = new Consents(stateDirectory.resolve("licenses"));
    try {
      for (String line : Files.readAllLines(consents.file)) {
        int space = line.indexOf(' ');
        if (space > 0) {
          consents.answers.put(line.substring(0, space), line.substring(space + 1).strip());
        }
      }
    } catch (IOException | UncheckedIOException e) {
      consents.answers.clear();
    }
    return consents;
  }

  synchronized Set<String> accepted() {
    Set<String> accepted = new TreeSet<>(answers.keySet());
    accepted.removeIf(license -> !ACCEPTED.equals(answers.get(license)));
    return accepted;
  }

  /** Whether the user said yes or no before. */
  public synchronized boolean answered(String license) {
    return answers.containsKey(license);
  }

  /** Keeps an answer; gives whether later starts will know it. */
  public synchronized boolean keep(String license, boolean accepted) {
    answers.put(license, accepted ? ACCEPTED : DECLINED);
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || !PrivateFiles.directory(directory)) {
      return false;
    }
    StringBuilder text = new StringBuilder();
    answers.forEach((id, answer) -> text.append(id).append(' ').append(answer).append('\n'));
    try {
      PrivateFiles.file(file);
      Files.writeString(file, text);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
