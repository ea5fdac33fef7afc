package dev.finch.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class PortionsTest {

  private static final ActorTestKit KIT = ActorTestKit.create();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void noPortionHoldsMoreHeadsThanTheBound() {
    for (String head :
        List.of(
            "GET / HTTP/1.0\n\n",
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "HTTP/1.1 100\n\r\n",
            "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n0\n\n")) {
      byte[] all = head.repeat(5000).getBytes(StandardCharsets.US_ASCII);
      int ends = 0;
      for (int from = 0; from < all.length; ) {
        int length = Portions.length(all, from);
        String portion = new String(all, from, length, StandardCharsets.US_ASCII);
        // The rest of the portion before may complete one more.
        assertTrue(portion.split("\n\r?\n", -1).length - 1 <= Portions.MOST_HEADS, portion);
        ends++;
        from += length;
      }
      assertTrue(ends >= 5000 / Portions.MOST_HEADS, head);
    }
  }

  @Test
  void aBodyIsCutBySizeOnly() {
    byte[] json =
        "{\"text\":\"\\n\\n and so on\"}\r\n".repeat(20_000).getBytes(StandardCharsets.UTF_8);

    assertEquals(Portions.MOST_BYTES, Portions.length(json, 0));
  }

  @Test
  void theBytesStayWhatTheyAre() throws Exception {
    Random random = new Random(11);
    byte[] alphabet = "\n\r\n\r\nGET / a:1;".getBytes(StandardCharsets.US_ASCII);
    for (int round = 0; round < 200; round++) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      List<ByteString> pieces = new ArrayList<>();
      int count = random.nextInt(200);
      for (int i = 0; i < count; i++) {
        int size = random.nextInt(5) == 0 ? random.nextInt(100_000) : 1 + random.nextInt(4);
        byte[] piece = new byte[size];
        for (int j = 0; j < size; j++) {
          piece[j] = round % 2 == 0 ? (byte) 'x' : alphabet[random.nextInt(alphabet.length)];
        }
        all.writeBytes(piece);
        pieces.add(ByteString.fromArray(piece));
      }
      List<ByteString> portions = portions(pieces);

      ByteArrayOutputStream again = new ByteArrayOutputStream();
      portions.forEach(portion -> again.writeBytes(portion.toArrayUnsafe()));
      assertArrayEquals(all.toByteArray(), again.toByteArray(), "round " + round);
    }
  }

  @Test
  void crumbsWithoutALineEndAreGathered() throws Exception {
    List<ByteString> crumbs = new ArrayList<>();
    for (int i = 0; i < 8000; i++) {
      crumbs.add(ByteString.fromString("x"));
    }
    int portions = portions(crumbs).size();

    assertTrue(portions < 60, portions + " portions");
  }

  private static List<ByteString> portions(List<ByteString> pieces) throws Exception {
    return Source.from(pieces)
        .via(new Portions())
        .runWith(Sink.seq(), KIT.system())
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }
}
