package dev.finch.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.finch.selection.HardwareProbe.MemoryReading;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemInfoTest {

  @Test
  void readsTotalAndAvailableInBytes() {
    List<String> lines =
        List.of(
            "MemTotal:       24580564 kB",
            "MemFree:          812345 kB",
            "MemAvailable:   20000000 kB",
            "HugePages_Total:       0");
    assertEquals(
        Optional.of(new MemoryReading(24_580_564L << 10, 20_000_000L << 10)), MemInfo.parse(lines));
  }

  @Test
  void saysNothingWhereALineIsMissingOrOdd() {
    assertEquals(Optional.empty(), MemInfo.parse(List.of("MemTotal:       24580564 kB")));
    assertEquals(
        Optional.empty(), MemInfo.parse(List.of("MemTotal: much kB", "MemAvailable: 1 kB")));
    assertEquals(Optional.empty(), MemInfo.read(Path.of("/nowhere/meminfo")));
  }
}
