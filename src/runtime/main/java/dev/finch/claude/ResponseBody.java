package dev.finch.claude;

import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.coding.Coder;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of responses, counting the bytes as they came over the wire. */
final class ResponseBody {

  private static final int MOST_WHOLE = 16 << 20;
  private static final int MOST_OF_REFUSAL = 1 << 20;
  private static final int MOST_AHEAD = 64 << 10;

  /** Takes a body piece by piece. */
  @FunctionalInterface
  interface Reader {
    /**
     * @param next to be completed when the next piece is wanted; nothing is read before
     */
    void came(ByteString bytes, CompletableFuture<Done> next);
  }

  /** Counts bytes of bodies. Thread-safe. */
  static final class Counter {
    private final AtomicLong bytes = new AtomicLong();

    long bytes() {
      return bytes.get();
    }

    private ByteString count(ByteString chunk) {
      bytes.addAndGet(chunk.size());
      return chunk;
    }
  }

  /**
   * A body that was read at once.
   *
   * @param complete whether it was read to its end, so that the connection can be used again
   */
  record Whole(ByteString bytes, boolean complete) {}

  private ResponseBody() {}

  static boolean isEventStream(HttpResponse response) {
    return response
        .entity()
        .getContentType()
        .toString()
        .toLowerCase(Locale.ROOT)
        .startsWith("text/event-stream");
  }

  /** The whole body; fails where it is longer than 16 MiB or ends early. */
  static CompletionStage<Whole> whole(
      HttpResponse response, Counter counter, ActorSystem<?> system) {
    return whole(response, counter, MOST_WHOLE, system);
  }

  /** The whole body of a refusal; fails where it is longer than 1 MiB or ends early. */
  static CompletionStage<Whole> refusal(
      HttpResponse response, Counter counter, ActorSystem<?> system) {
    return whole(response, counter, MOST_OF_REFUSAL, system);
  }

  /** Copied, because each piece may be of one byte and an object of its own. */
  private static CompletionStage<Whole> whole(
      HttpResponse response, Counter counter, long most, ActorSystem<?> system) {
    return decoded(response, counter)
        .limitWeighted(most, bytes -> (long) bytes.size())
        .runFold(
            new ByteArrayOutputStream(),
            (all, bytes) -> {
              all.writeBytes(bytes.toArrayUnsafe());
              return all;
            },
            system)
        .thenApply(all -> new Whole(ByteString.fromArrayUnsafe(all.toByteArray()), true));
  }

  /** The body, or an incomplete empty one where it could not be read. */
  static Whole orEmpty(@Nullable Whole body) {
    return Objects.requireNonNullElseGet(
        body, () -> new Whole(ByteString.emptyByteString(), false));
  }

  /**
   * Hands the body to a reader, at the reader's pace; completes at its end. What comes while the
   * reader is at work is handed over together, up to a bound.
   */
  static CompletionStage<Done> relay(
      HttpResponse response, Counter counter, ActorSystem<?> system, Reader reader) {
    return decoded(response, counter)
        .batchWeighted(MOST_AHEAD, bytes -> (long) bytes.size(), bytes -> bytes, ByteString::concat)
        .mapAsync(
            1,
            bytes -> {
              CompletableFuture<Done> next = new CompletableFuture<>();
              reader.came(bytes, next);
              return next;
            })
        .runWith(Sink.ignore(), system);
  }

  private static Source<ByteString, ?> decoded(HttpResponse response, Counter counter) {
    Source<ByteString, ?> counted = response.entity().getDataBytes().map(counter::count);
    String coding =
        Objects.requireNonNullElse(
            RequestBuilder.headersOf(response).apply("content-encoding"), "");
    Coder coder =
        switch (coding.strip().toLowerCase(Locale.ROOT)) {
          case "gzip", "x-gzip" -> Coder.Gzip;
          case "deflate" -> Coder.Deflate;
          default -> Coder.NoCoding;
        };
    if (coder == Coder.NoCoding) {
      return counted;
    }
    HttpResponse again =
        response.withEntity(
            HttpEntities.create(
                response.entity().getContentType(), counted.mapMaterializedValue(m -> (Object) m)));
    return coder.decodeMessage(again).entity().getDataBytes();
  }
}
