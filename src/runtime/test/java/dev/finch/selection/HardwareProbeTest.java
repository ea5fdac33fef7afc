package dev.finch.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import dev.finch.selection.HardwareProbe.MemoryReading;
import dev.finch.settings.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HardwareProbeTest {

  private static final long GB = 1_000_000_000;

  @TempDir private Path root;

  @BeforeEach
  void createControlGroup() throws IOException {
    Files.createDirectories(root.resolve("proc/self"));
    Files.createDirectories(root.resolve("sys/fs/cgroup"));
    Files.writeString(root.resolve("proc/self/cgroup"), "0::/\n");
  }

  @Test
  void measuresThisMachine() {
    SelectionSettings settings =
        SelectionSettings.from(
            Section.of(ConfigFactory.defaultReference().resolve(), "finch.selection"));

    Hardware hardware = new HardwareProbe(settings).measure();

    assertEquals(List.of(), hardware.warnings());
    assertTrue(hardware.totalMemoryBytes() > Runtime.getRuntime().maxMemory() / 4);
    assertTrue(hardware.availableMemoryBytes() > 0);
    assertTrue(hardware.availableMemoryBytes() <= hardware.totalMemoryBytes());
    assertTrue(hardware.processors() >= 1);
    assertTrue(hardware.processors() <= Runtime.getRuntime().availableProcessors());
  }

  @Test
  void withoutALimitTheMachineCounts() {
    Hardware hardware = probe(() -> new MemoryReading(16 * GB, 9 * GB)).measure();

    assertEquals(16 * GB, hardware.usableMemoryBytes());
    assertEquals(9 * GB, hardware.availableMemoryBytes());
    assertEquals(-1, hardware.containerLimitBytes());
  }

  @Test
  void aContainersLimitAndWhatItUsedCount() throws IOException {
    limit("4000000000", "1500000000");

    Hardware hardware = probe(() -> new MemoryReading(64 * GB, 50 * GB)).measure();

    assertEquals(4 * GB, hardware.usableMemoryBytes());
    assertEquals(4 * GB - 1_500_000_000, hardware.availableMemoryBytes());
  }

  @Test
  void aMachineThatIsFullerThanItsContainerCounts() throws IOException {
    limit("4000000000", "0");

    assertEquals(GB, probe(() -> new MemoryReading(64 * GB, GB)).measure().availableMemoryBytes());
  }

  @Test
  void aLimitAboveTheMachineIsNone() throws IOException {
    limit("99000000000", "0");

    assertEquals(-1, probe(() -> new MemoryReading(8 * GB, GB)).measure().containerLimitBytes());
  }

  @Test
  void whatCannotBeMeasuredIsAssumedWithAWarning() {
    for (HardwareProbe.Memory broken :
        List.<HardwareProbe.Memory>of(
            () -> {
              throw new UnsatisfiedLinkError("no native code here");
            },
            () -> {
              throw new IllegalStateException("odd machine");
            },
            () -> new MemoryReading(0, 0))) {
      Hardware hardware = probe(broken).measure();

      assertEquals(8 * GB, hardware.usableMemoryBytes());
      assertTrue(hardware.warnings().getFirst().endsWith("8.0 GB are assumed."));
    }
  }

  @Test
  void evenThenTheContainersLimitCounts() throws IOException {
    limit("2000000000", "0");

    Hardware hardware = probe(() -> new MemoryReading(0, 0)).measure();

    assertEquals(2 * GB, hardware.usableMemoryBytes());
    assertEquals(2 * GB, hardware.availableMemoryBytes());
  }

  private HardwareProbe probe(HardwareProbe.Memory memory) {
    return new HardwareProbe(memory, root, 8 * GB);
  }

  private void limit(String max, String current) throws IOException {
    Files.writeString(root.resolve("sys/fs/cgroup/memory.max"), max);
    Files.writeString(root.resolve("sys/fs/cgroup/memory.current"), current);
  }
}
