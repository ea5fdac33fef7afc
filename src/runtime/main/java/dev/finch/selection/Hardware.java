package dev.finch.selection;

import java.util.List;

/**
 * What was measured of this machine at one moment.
 *
 * @param totalMemoryBytes memory of the machine
 * @param availableMemoryBytes what programs could still take, in this container where there is one
 * @param containerLimitBytes memory limit of the container, or -1 where there is none
 * @param processors processors that may be used, at least 1
 * @param warnings what could not be measured, and what was assumed instead
 */
public record Hardware(
    long totalMemoryBytes,
    long availableMemoryBytes,
    long containerLimitBytes,
    int processors,
    List<String> warnings) {

  public Hardware {
    warnings = List.copyOf(warnings);
  }

  /** Memory of the machine or of its container, whichever is less. */
  public long usableMemoryBytes() {
    return containerLimitBytes < 0
        ? totalMemoryBytes
        : Math.min(totalMemoryBytes, containerLimitBytes);
  }
}
