package dev.finch.selection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Limits that Linux control groups set on this process, version 1 or 2. A group is limited by each
 * of its parents too, so all are read; in a container the own group often is the root. Where there
 * are no control groups nothing is limited.
 *
 * @param memoryLimit bytes, {@link Long#MAX_VALUE} where there is no limit
 * @param memoryUsed bytes used of that limit, without the page cache that can be dropped
 * @param processorQuota processors' worth of time, infinite where there is no limit
 */
record ControlGroups(long memoryLimit, long memoryUsed, double processorQuota) {

  /** Version 1 has no word for "no limit": it reports the largest multiple of a page. */
  private static final long UNLIMITED = 1L << 60;

  private static final ControlGroups NONE =
      new ControlGroups(Long.MAX_VALUE, 0, Double.POSITIVE_INFINITY);

  /** Processors of the quota, of {@code available} at most and 1 at least. */
  int processors(int available) {
    return (int) Math.clamp(Math.ceil(processorQuota), 1, Math.max(1, available));
  }

  /**
   * The limits of this process.
   *
   * @param root where {@code proc} and {@code sys} lie
   */
  static ControlGroups read(Path root) {
    ControlGroups limits = NONE;
    Path mounted = root.resolve("sys/fs/cgroup");
    for (String line : lines(root.resolve("proc/self/cgroup"))) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3) {
        limits = limits.and(ofHierarchy(mounted, parts[0], parts[1], parts[2]));
      }
    }
    return limits;
  }

  private static ControlGroups ofHierarchy(
      Path mounted, String number, String controllers, String group) {
    List<String> names = Arrays.asList(controllers.split(",", -1));
    if (number.equals("0")) {
      return overAll(mounted, group, ControlGroups::ofVersion2)
          .and(overAll(mounted.resolve("unified"), group, ControlGroups::ofVersion2));
    }
    if (names.contains("memory")) {
      return overAll(mounted.resolve("memory"), group, ControlGroups::memoryOfVersion1);
    }
    if (names.contains("cpu")) {
      return overAll(mounted.resolve("cpu"), group, ControlGroups::processorsOfVersion1)
          .and(overAll(mounted.resolve(controllers), group, ControlGroups::processorsOfVersion1));
    }
    return NONE;
  }

  /** Reads one group's directory. */
  @FunctionalInterface
  private interface GroupReader {
    ControlGroups read(Path group);
  }

  private static ControlGroups overAll(Path mounted, String group, GroupReader reader) {
    ControlGroups limits = reader.read(mounted);
    Path directory = mounted;
    for (String name : group.split("/", -1)) {
      if (!name.isEmpty() && !name.equals("..")) {
        directory = directory.resolve(name);
        limits = limits.and(reader.read(directory));
      }
    }
    return limits;
  }

  private static ControlGroups ofVersion2(Path group) {
    return new ControlGroups(
        number(group.resolve("memory.max")).orElse(Long.MAX_VALUE),
        used(group, "memory.current", "inactive_file"),
        quota(first(group.resolve("cpu.max")).orElse("")));
  }

  private static ControlGroups memoryOfVersion1(Path group) {
    long limit = number(group.resolve("memory.limit_in_bytes")).orElse(Long.MAX_VALUE);
    return limit >= UNLIMITED
        ? NONE
        : new ControlGroups(
            limit,
            used(group, "memory.usage_in_bytes", "total_inactive_file"),
            Double.POSITIVE_INFINITY);
  }

  private static ControlGroups processorsOfVersion1(Path group) {
    String quota = first(group.resolve("cpu.cfs_quota_us")).orElse("");
    String period = first(group.resolve("cpu.cfs_period_us")).orElse("");
    return new ControlGroups(Long.MAX_VALUE, 0, quota(quota + " " + period));
  }

  /** The stricter of both; memory used belongs to its limit. */
  private ControlGroups and(ControlGroups other) {
    boolean roomier = memoryLimit - memoryUsed <= other.memoryLimit - other.memoryUsed;
    return new ControlGroups(
        Math.min(memoryLimit, other.memoryLimit),
        roomier ? memoryUsed : other.memoryUsed,
        Math.min(processorQuota, other.processorQuota));
  }

  private static long used(Path group, String usageFile, String droppable) {
    long usage = number(group.resolve(usageFile)).orElse(0);
    for (String line : lines(group.resolve("memory.stat"))) {
      if (line.startsWith(droppable + " ")) {
        usage -= whole(line.substring(droppable.length() + 1)).orElse(0);
      }
    }
    return Math.max(0, usage);
  }

  /** "quota period" in microseconds; "max" or -1 is no limit. */
  private static double quota(String text) {
    String[] parts = text.strip().split(" +", -1);
    if (parts.length != 2) {
      return Double.POSITIVE_INFINITY;
    }
    long quota = whole(parts[0]).orElse(-1);
    long period = whole(parts[1]).orElse(-1);
    return quota > 0 && period > 0 ? (double) quota / period : Double.POSITIVE_INFINITY;
  }

  private static OptionalLong number(Path file) {
    return first(file).map(ControlGroups::whole).orElse(OptionalLong.empty());
  }

  private static OptionalLong whole(String text) {
    try {
      return OptionalLong.of(Long.parseLong(text.strip()));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private static Optional<String> first(Path file) {
    return lines(file).stream().findFirst();
  }

  /** A file of another hierarchy, or one that may not be read, says nothing. */
  private static List<String> lines(Path file) {
    try {
      return new ArrayList<>(Files.readAllLines(file));
    } catch (IOException e) {
      return List.of();
    }
  }
}
