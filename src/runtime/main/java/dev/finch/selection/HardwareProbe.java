package dev.finch.selection;

import dev.finch.model.Bytes;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import oshi.SystemInfo;
import oshi.hardware.GlobalMemory;

/**
 * Measures this machine. Blocking, and outside of Linux the first time slow: OSHI loads native code
 * and many classes. Thread-safe.
 */
public final class HardwareProbe {

  private static final Logger log = LoggerFactory.getLogger(HardwareProbe.class);

  private final Memory memory;
  private final Path root;
  private final long assumedMemoryBytes;

  /** The machine's memory, total and available, in bytes. */
  record MemoryReading(long total, long available) {}

  /** Where the machine's memory is read. */
  @FunctionalInterface
  interface Memory {
    MemoryReading read();
  }

  /**
   * A probe of this machine.
   *
   * @param settings what is assumed where memory cannot be measured
   */
  public HardwareProbe(SelectionSettings settings) {
    this(HardwareProbe::readMemory, Path.of("/"), settings.assumedMemoryBytes());
  }

  /**
   * A probe of another machine.
   *
   * @param root where the control groups' files are looked for
   */
  HardwareProbe(Memory memory, Path root, long assumedMemoryBytes) {
    this.memory = memory;
    this.root = root;
    this.assumedMemoryBytes = assumedMemoryBytes;
  }

  /** What there is now. Never fails: what cannot be measured is assumed, with a warning. */
  public Hardware measure() {
    ControlGroups groups = ControlGroups.read(root);
    int processors = groups.processors(Runtime.getRuntime().availableProcessors());
    try {
      MemoryReading reading = memory.read();
      if (reading.total() <= 0) {
        throw new IllegalStateException("a total of " + reading.total() + " bytes");
      }
      long limit = groups.memoryLimit() < reading.total() ? groups.memoryLimit() : -1;
      return new Hardware(
          reading.total(), available(reading, limit, groups), limit, processors, List.of());
    } catch (RuntimeException | LinkageError e) {
      log.warn("The machine's memory cannot be measured", e);
      return assumed(groups, processors, e);
    }
  }

  private static long available(MemoryReading reading, long limit, ControlGroups groups) {
    return limit < 0
        ? reading.available()
        : Math.clamp(limit - groups.memoryUsed(), 0, reading.available());
  }

  private Hardware assumed(ControlGroups groups, int processors, Throwable why) {
    long limit = groups.memoryLimit() < assumedMemoryBytes ? groups.memoryLimit() : -1;
    long usable = limit < 0 ? assumedMemoryBytes : limit;
    String warning =
        "This machine's memory cannot be measured ("
            + why
            + "); "
            + Bytes.format(usable)
            + " are assumed.";
    return new Hardware(assumedMemoryBytes, usable, limit, processors, List.of(warning));
  }

  private static MemoryReading readMemory() {
    return MemInfo.read(Path.of("/proc/meminfo")).orElseGet(HardwareProbe::readByOshi);
  }

  private static MemoryReading readByOshi() {
    GlobalMemory memory = new SystemInfo().getHardware().getMemory();
    return new MemoryReading(memory.getTotal(), memory.getAvailable());
  }
}
