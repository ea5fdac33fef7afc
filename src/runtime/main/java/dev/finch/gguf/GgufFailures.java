package dev.finch.gguf;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.settings.SpecialFile;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The failures of this room. */
final class GgufFailures {

  private static final String HINT =
      "The file is damaged, incomplete or not a model: fetch it again and compare its SHA-256.";

  private GgufFailures() {}

  /** A file that breaks the format: what was found and what was expected. */
  static FinchException file(String file, String found, String expected) {
    return invalid(file + ": " + found + " (expected: " + expected + ").", HINT, null);
  }

  static FinchException missing(String file) {
    return invalid(
        "There is no file " + file + ".",
        "Name a GGUF file that exists; of a split set, any of its parts.",
        null);
  }

  /** What is there and is no file. */
  static FinchException noFile(Path path) {
    String kind;
    try {
      SpecialFile special = SpecialFile.of(path);
      kind = special == null ? "a directory" : special.description();
    } catch (IOException _) {
      kind = "no file";
    }
    return invalid(
        path + " is " + kind + ", and a model is a GGUF file.",
        kind.equals("a directory") ? "Name a file in it." : "Name a file.",
        null);
  }

  /** A set of files that does not belong together. */
  static FinchException set(String message, String hint) {
    return invalid(message, hint, null);
  }

  static FinchException unreadable(String file, Throwable cause) {
    return invalid(
        file + " cannot be read: " + cause + ".",
        "Check the path, its permissions and the disk.",
        cause);
  }

  static FinchException unsupported(String message, String hint) {
    return new FinchException(Failure.permanent(FailureCode.UNSUPPORTED_MODEL, message, hint));
  }

  private static FinchException invalid(String message, String hint, @Nullable Throwable cause) {
    Failure failure = Failure.permanent(FailureCode.MODEL_FILE_INVALID, message, hint);
    return cause == null ? new FinchException(failure) : new FinchException(failure, cause);
  }
}
