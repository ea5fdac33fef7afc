package dev.finch.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.failure.Failure;
import dev.finch.inference.Provenance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Responses that every dialect uses. */
final class Replies {

  static final ContentType EVENT_STREAM = MediaTypes.TEXT_EVENT_STREAM.toContentType();
  static final ContentType LINES =
      MediaTypes.customWithOpenCharset("application", "x-ndjson", new HashMap<>(), false)
          .toContentType(HttpCharsets.UTF_8);

  /** What every response says to browsers: no page of another site embeds or guesses at it. */
  static final List<HttpHeader> GUARDS =
      List.of(
          RawHeader.create("Cross-Origin-Resource-Policy", "same-origin"),
          RawHeader.create("X-Content-Type-Options", "nosniff"));

  private static final String PENDING = "pending";

  private Replies() {}

  static HttpResponse json(int status, JsonNode body) {
    return HttpResponse.create()
        .withStatus(status(status))
        .withEntity(
            HttpEntities.create(
                ContentTypes.APPLICATION_JSON,
                ByteString.fromString(status < 400 ? Json.write(body) : Json.writeAscii(body))));
  }

  static CompletionStage<HttpResponse> done(JsonNode body) {
    return CompletableFuture.completedFuture(json(200, body));
  }

  static HttpResponse text(int status, String body) {
    return HttpResponse.create()
        .withStatus(status(status))
        .withEntity(HttpEntities.create(ContentTypes.TEXT_PLAIN_UTF8, body));
  }

  static HttpResponse stream(ContentType type, Source<ByteString, NotUsed> frames) {
    return HttpResponse.create()
        .withEntity(HttpEntities.createChunked(type, frames))
        .addHeader(RawHeader.create("Cache-Control", "no-store"))
        .addHeader(RawHeader.create("X-Accel-Buffering", "no"));
  }

  /** An error in its dialect's own shape and status. */
  static HttpResponse error(Dialect dialect, Refusals.Refusal refusal, String id) {
    Failure failure = refusal.failure();
    int status = dialect.status(refusal.status(), failure);
    HttpResponse response = json(status, dialect.error(status, failure, id));
    Duration wait = Statuses.retryAfter(failure);
    if (wait != null) {
      long seconds = Math.max(1, wait.toSeconds());
      response = response.addHeader(RawHeader.create("Retry-After", String.valueOf(seconds)));
    }
    if (status >= 500 || status == 429) {
      // The official SDKs ask this header before their own judgement of the status.
      String again = String.valueOf(failure.retryable());
      response = response.addHeader(RawHeader.create("x-should-retry", again));
    }
    return response;
  }

  /** Who answered, or {@code pending} where the head goes out before that is known. */
  static List<HttpHeader> provenance(@Nullable Provenance who) {
    List<HttpHeader> headers = new ArrayList<>(3);
    headers.add(header("X-Finch-Served-By", who == null ? PENDING : servedBy(who)));
    headers.add(header("X-Finch-Model", who == null ? PENDING : ascii(who.model())));
    headers.add(header("X-Finch-Route-Reason", who == null ? PENDING : who.reason().name()));
    return headers;
  }

  static String servedBy(Provenance who) {
    return who.provider().name().toLowerCase(Locale.ROOT);
  }

  static HttpHeader header(String name, String value) {
    return RawHeader.create(name, value);
  }

  static String ascii(String text) {
    return text.replaceAll("[^\\x20-\\x7e]", "?");
  }

  private static StatusCode status(int code) {
    return switch (code) {
      case 499 -> StatusCodes.custom(499, "Client Closed Request", "Cancelled", false, true);
      case 529 -> StatusCodes.custom(529, "Overloaded", "Overloaded", false, true);
      default -> StatusCodes.get(code);
    };
  }
}
