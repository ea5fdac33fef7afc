package dev.finch.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much physical memory this process holds, as Linux counts it. */
final class ResidentMemory {

  private ResidentMemory() {}

  static long bytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
        .findFirst()
        .orElseThrow();
  }
}
