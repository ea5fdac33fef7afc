package dev.finch.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlGroupsTest {

  private static final double UNLIMITED = Double.POSITIVE_INFINITY;

  @TempDir private Path root;

  @Test
  void withoutControlGroupsNothingIsLimited() {
    assertEquals(new ControlGroups(Long.MAX_VALUE, 0, UNLIMITED), ControlGroups.read(root));
  }

  @Test
  void readsVersion2InAContainer() throws IOException {
    write("proc/self/cgroup", "0::/\n");
    write("sys/fs/cgroup/memory.max", "2147483648\n");
    write("sys/fs/cgroup/memory.current", "1000000000\n");
    write("sys/fs/cgroup/memory.stat", "anon 600000000\ninactive_file 300000000\n");
    write("sys/fs/cgroup/cpu.max", "150000 100000\n");

    ControlGroups groups = ControlGroups.read(root);

    assertEquals(new ControlGroups(2_147_483_648L, 700_000_000, 1.5), groups);
    assertEquals(2, groups.processors(8));
  }

  @Test
  void theStrictestOfTheParentsCounts() throws IOException {
    write("proc/self/cgroup", "0::/user.slice/finch.service\n");
    write("sys/fs/cgroup/user.slice/memory.max", "1000000000\n");
    write("sys/fs/cgroup/user.slice/memory.current", "400000000\n");
    write("sys/fs/cgroup/user.slice/cpu.max", "max 100000\n");
    write("sys/fs/cgroup/user.slice/finch.service/memory.max", "max\n");
    write("sys/fs/cgroup/user.slice/finch.service/memory.current", "100\n");
    write("sys/fs/cgroup/user.slice/finch.service/cpu.max", "50000 100000\n");

    assertEquals(new ControlGroups(1_000_000_000, 400_000_000, 0.5), ControlGroups.read(root));
  }

  @Test
  void readsVersion1() throws IOException {
    write("proc/self/cgroup", "4:memory:/docker/abc\n2:cpu,cpuacct:/docker/abc\n0::/\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    write("sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", "3000000000\n");
    write("sys/fs/cgroup/memory/docker/abc/memory.usage_in_bytes", "500000000\n");
    write("sys/fs/cgroup/memory/docker/abc/memory.stat", "total_inactive_file 200000000\n");
    write("sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us", "400000\n");
    write("sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us", "100000\n");

    assertEquals(new ControlGroups(3_000_000_000L, 300_000_000, 4), ControlGroups.read(root));
  }

  @Test
  void version1WithoutLimitsIsUnlimited() throws IOException {
    write("proc/self/cgroup", "4:memory:/\n1:cpu:/\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
    write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");

    assertEquals(new ControlGroups(Long.MAX_VALUE, 0, UNLIMITED), ControlGroups.read(root));
  }

  @Test
  void aGroupThatIsNotVisibleFromInsideFallsBackToTheRoot() throws IOException {
    write("proc/self/cgroup", "4:memory:/kubepods/pod1/abc\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "1500000000\n");

    assertEquals(1_500_000_000, ControlGroups.read(root).memoryLimit());
  }

  @Test
  void nonsenseIsNoLimit() throws IOException {
    write("proc/self/cgroup", "nonsense\n0::/\n::\n");
    write("sys/fs/cgroup/memory.max", "a lot\n");
    write("sys/fs/cgroup/cpu.max", "\n");

    assertEquals(new ControlGroups(Long.MAX_VALUE, 0, UNLIMITED), ControlGroups.read(root));
  }

  @ParameterizedTest
  @CsvSource({"0.1, 8, 1", "1, 8, 1", "1.5, 8, 2", "4, 2, 2", "Infinity, 6, 6"})
  void processorsAreRoundedUp(double quota, int available, int processors) {
    assertEquals(processors, new ControlGroups(Long.MAX_VALUE, 0, quota).processors(available));
  }

  private void write(String path, String content) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
