package dev.finch.download;

import java.util.ArrayList;
import java.util.List;

/** The parts of a file that are there: disjoint ranges in order, none touching the next. */
record RangeSet(List<ByteRange> ranges) {

  static final RangeSet EMPTY = new RangeSet(List.of());

  RangeSet {
    ranges = List.copyOf(ranges);
  }

  /** These ranges and one more. */
  RangeSet with(ByteRange added) {
    if (added.length() == 0) {
      return this;
    }
    List<ByteRange> merged = new ArrayList<>(ranges.size() + 1);
    long from = added.from();
    long to = added.to();
    int at = 0;
    for (ByteRange range : ranges) {
      if (range.to() < from) {
        merged.add(range);
        at = merged.size();
      } else if (range.from() > to) {
        merged.add(range);
      } else {
        from = Math.min(from, range.from());
        to = Math.max(to, range.to());
      }
    }
    merged.add(at, new ByteRange(from, to));
    return new RangeSet(merged);
  }

  /** How many bytes are there. */
  long size() {
    long sum = 0;
    for (ByteRange range : ranges) {
      sum += range.length();
    }
    return sum;
  }

  /** How many bytes are there without a gap from the file's start. */
  long prefix() {
    return ranges.isEmpty() || ranges.getFirst().from() > 0 ? 0 : ranges.getFirst().to();
  }

  /** Only what lies below {@code limit}. */
  RangeSet below(long limit) {
    RangeSet kept = EMPTY;
    for (ByteRange range : ranges) {
      if (range.from() < limit) {
        kept = kept.with(new ByteRange(range.from(), Math.min(range.to(), limit)));
      }
    }
    return kept;
  }

  /** What is missing of a file of {@code size} bytes, in order. */
  List<ByteRange> gaps(long size) {
    List<ByteRange> gaps = new ArrayList<>();
    long at = 0;
    for (ByteRange range : ranges) {
      if (range.from() > at) {
        gaps.add(new ByteRange(at, Math.min(range.from(), size)));
      }
      at = range.to();
    }
    if (at < size) {
      gaps.add(new ByteRange(at, size));
    }
    return gaps;
  }
}
