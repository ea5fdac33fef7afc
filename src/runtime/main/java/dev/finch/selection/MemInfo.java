package dev.finch.selection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Linux's own account of its memory, {@code /proc/meminfo} (proc(5)). OSHI reads the same file, but
 * loads native code and starts a process first, which a cold start of Finch would wait for.
 */
final class MemInfo {

  private MemInfo() {}

  /** What the file says, in bytes; empty where there is none or it says something else. */
  static Optional<HardwareProbe.MemoryReading> read(Path file) {
    try {
      return parse(Files.readAllLines(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static Optional<HardwareProbe.MemoryReading> parse(List<String> lines) {
    Map<String, Long> values = new HashMap<>();
    for (String line : lines) {
      String[] words = line.split("\\s+", -1);
      if (words.length == 3 && words[2].equals("kB") && words[1].matches("[0-9]{1,15}")) {
        values.put(words[0], Long.parseLong(words[1]) << 10);
      }
    }
    Long total = values.get("MemTotal:");
    Long available = values.get("MemAvailable:");
    return total == null || available == null
        ? Optional.empty()
        : Optional.of(new HardwareProbe.MemoryReading(total, available));
  }
}
