package dev.finch.gguf;

import dev.finch.failure.FinchException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts of a model that was split over several files, named by llama.cpp's pattern. */
public final class SplitSet {

  private static final Pattern PART = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");

  private SplitSet() {}

  /**
   * All parts of the set that this file is one of, in order; the file alone where its name is not
   * that of a part. Looks at the disk.
   *
   * @throws FinchException with {@code MODEL_FILE_INVALID} naming the parts that are missing
   */
  public static List<Path> of(Path file) {
    Matcher name = PART.matcher(file.getFileName().toString());
    if (!name.matches()) {
      return List.of(file);
    }
    int count = Integer.parseInt(name.group(3));
    List<Path> parts = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      Path part = file.resolveSibling(partName(name.group(1), number, count));
      parts.add(part);
      if (!Files.isRegularFile(part)) {
        missing.add(part.getFileName().toString());
      }
    }
    if (count == 0 || !missing.isEmpty()) {
      throw GgufFailures.set(
          file + " is one of " + count + " parts; missing beside it: " + brief(missing) + ".",
          "Put all parts into one directory.");
    }
    return parts;
  }

  /** The name of a part, counted from 1. */
  static String partName(String prefix, int number, int count) {
    return String.format(Locale.ROOT, "%s-%05d-of-%05d.gguf", prefix, number, count);
  }

  private static String brief(List<String> names) {
    return names.size() <= 3
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, 3)) + " and " + (names.size() - 3) + " more";
  }
}
