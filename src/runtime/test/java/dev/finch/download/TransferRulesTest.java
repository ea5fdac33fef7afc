package dev.finch.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pure rules that a transfer follows. */
final class TransferRulesTest {

  @Test
  void rangeSetsAgreeWithASetOfBytes() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      boolean[] model = new boolean[100];
      RangeSet set = RangeSet.EMPTY;
      for (int i = 0; i < 15; i++) {
        int from = random.nextInt(100);
        int to = from + random.nextInt(101 - from);
        set = set.with(new ByteRange(from, to));
        java.util.Arrays.fill(model, from, to, true);
      }
      RangeSet gaps = new RangeSet(set.gaps(100));
      long size = 0;
      for (int i = 0; i < 100; i++) {
        int at = i;
        assertEquals(model[i], set.ranges().stream().anyMatch(r -> r.from() <= at && at < r.to()));
        assertEquals(
            !model[i], gaps.ranges().stream().anyMatch(r -> r.from() <= at && at < r.to()));
        size += model[i] ? 1 : 0;
      }
      assertEquals(size, set.size());
      assertEquals(set.below(40).size(), set.size() - above(set, 40));
    }
  }

  private static long above(RangeSet set, long limit) {
    return set.ranges().stream()
        .mapToLong(r -> Math.max(0, r.to() - Math.max(limit, r.from())))
        .sum();
  }

  @Test
  void acceptsOnlyTheRangeThatWasAskedFor() {
    ByteRange asked = new ByteRange(100, 200);
    assertTrue(answers("bytes 100-199/1000", asked));
    assertFalse(answers("bytes 101-199/1000", asked));
    assertFalse(answers("bytes 100-200/1000", asked));
    assertFalse(answers("bytes 100-199/1001", asked));
    for (String bad : new String[] {"bytes 100-199/*", "bytes */1000", "100-199/1000", ""}) {
      assertNull(ContentRange.parse(bad), bad);
    }
    assertEquals("bytes=100-199", asked.header());
  }

  private static boolean answers(String header, ByteRange asked) {
    ContentRange range = ContentRange.parse(header);
    return range != null && range.answers(asked, 1000);
  }

  @Test
  void givesEachConnectionTheFirstPieceThatNobodyHas() {
    RangeSet committed = RangeSet.EMPTY.with(new ByteRange(0, 10));
    assertEquals(
        Optional.of(new ByteRange(30, 40)),
        RangePlan.next(committed, List.of(new ByteRange(10, 30)), 100, 10));
    assertEquals(
        Optional.of(new ByteRange(95, 100)),
        RangePlan.next(committed, List.of(new ByteRange(10, 95)), 100, 10));
    assertEquals(
        Optional.empty(), RangePlan.next(committed, List.of(new ByteRange(10, 100)), 100, 10));
  }

  @ParameterizedTest
  @CsvSource({
    // The rates of two connections with 100 bytes and `rest` bytes to come, and that of a new one.
    "1000000, 1000000, 8000000, 2000000, 1, 2666667",
    "1000000, 1000000, 9000000, 8000000, 1, 1000000",
    "1000000, 0, 9000000, 1000000, 1, 10",
    "1000000, 1000000, 1900000, 1000000, ,",
    "1000000, 1000, 100000, 1000000, 1, 100",
    "1000000, 1000000, 9000000, 0, ,"
  })
  void sharesThePieceThatWouldEndLast(
      double fast,
      double slow,
      long rest,
      double fresh,
      @Nullable Integer fetch,
      @Nullable Long at) {
    Optional<RangePlan.Share> share =
        RangePlan.share(
            List.of(
                new RangePlan.Underway(0, new ByteRange(0, 100), fast),
                new RangePlan.Underway(1, new ByteRange(0, rest), slow)),
            fresh);
    assertEquals(fetch, share.map(RangePlan.Share::fetch).orElse(null));
    if (at != null) {
      assertEquals(at, share.orElseThrow().from(), rest / 20.0);
    }
  }

  @Test
  void widensWhileThatHelpsAndGoesBackWhenItDoesNot() {
    assertEquals(1, RangePlan.Width.first(1).fetches());
    RangePlan.Width first = RangePlan.Width.first(8);
    assertEquals(4, first.fetches());
    RangePlan.Width wider = first.measured(20, 8);
    assertEquals(8, wider.fetches());
    assertTrue(wider.measured(39, 8).settled());
    RangePlan.Width useless = first.measured(100, 8).measured(103, 8);
    assertEquals(4, useless.fetches());
    assertTrue(useless.settled());
    assertEquals(4, wider.narrowed().fetches());
  }

  @ParameterizedTest
  @CsvSource({
    "429, '\"api\";r=0;t=42', , 43",
    "200, '\"api\";r=0;t=42', , 43",
    "200, '\"api\";r=12;t=42', , 0",
    "429, , 7, 7",
    "429, '\"api\";r=0;t=3', 9, 9",
    "503, , 5, 5",
    "200, , 5, 0",
    "429, , 'Sun, 22 Nov 2026 10:00:30 GMT', 30",
    "429, , tomorrow, 0",
    "429, , 999999, 3600"
  })
  void waitsAsLongAsAHostAsks(
      int status, @Nullable String rateLimit, @Nullable String retryAfter, long seconds) {
    Instant now = Instant.parse("2026-11-22T10:00:00Z");
    assertEquals(Duration.ofSeconds(seconds), RateLimit.wait(status, rateLimit, retryAfter, now));
  }

  @Test
  void backsOffLongerAndNeverBeyondItsBounds() {
    JitteredBackoff backoff = new JitteredBackoff(Duration.ofMillis(100), Duration.ofSeconds(2));
    Random random = new Random(1);
    for (int failures = 1; failures < 100; failures++) {
      long pause = backoff.pause(failures, random).toMillis();
      long ceiling = Math.min(2000, 100L << Math.min(20, failures - 1));
      assertTrue(pause >= ceiling / 2 && pause <= ceiling, failures + ": " + pause);
    }
  }

  @Test
  void keepsASignedAddressByteForByte() {
    String signed = "https://cdn.example/x/%7Ea~b?Policy=a%2Fb~&S=%22q%22&Key=A+B";
    assertEquals("/x/%7Ea~b?Policy=a%2Fb~&S=%22q%22&Key=A+B", Address.parse(signed).target());
    Address hub = Address.parse("https://hub.example/a/b");
    assertEquals("/c?d=1", hub.resolve("/c?d=1").target());
    assertEquals("/a/c", hub.resolve("c").target());
    assertEquals("cdn.example", hub.resolve("//CDN.example/c").host());
    assertFalse(hub.sameOrigin(Address.parse("http://hub.example/a")));
    assertFalse(hub.sameOrigin(Address.parse("https://hub.example.evil.org")));
    assertFalse(hub.sameOrigin(Address.parse("https://hub.example:444")));
    assertEquals("a%20b/%23%C3%A9%2B%5B", Address.encode("a b/#é+[", true));
    assertEquals("refs%2Fpr%2F1", Address.encode("refs/pr/1", false));
  }

  @Test
  void readsABlobsNameFromEveryFormOfItsTag() {
    String sha1 = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
    assertEquals(new BlobId(sha1), BlobId.parse("W/\"" + sha1 + "\""));
    assertNull(BlobId.parse("\"cdn-own\""));
    assertNull(BlobId.parse(null));
    assertEquals(sha1, java.util.HexFormat.of().formatHex(new BlobId(sha1).newDigest(0).digest()));
  }

  @Test
  void smoothsTheRateAndEstimatesByIt() {
    RateMeter meter = new RateMeter();
    long second = 1_000_000_000;
    for (int i = 0; i <= 20; i++) {
      meter.note(i * second, i * 1000L);
    }
    assertEquals(1000, meter.bytesPerSecond());
    assertEquals(Duration.ofSeconds(5), meter.timeFor(5000));
    meter.note(21 * second, 20_000);
    assertTrue(meter.bytesPerSecond() > 500, "one still second does not stop the clock");
  }
}
