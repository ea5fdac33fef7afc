package dev.finch.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.failure.Thrown;
import dev.finch.wire.FinchJson;
import java.io.IOException;
import java.net.URI;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What a server said, as values; who says what a Finch never says is told from one. Thread-safe.
 *
 * @param server its URL as it was given
 */
record ServerReplies(URI server) {

  /**
   * A whole body as JSON.
   *
   * @throws FinchException with {@code PROVIDER_LOST} where it is none: then no Finch answers there
   */
  JsonNode json(String body) {
    return value(body, JsonNode.class);
  }

  /** A JSON value as a value of Finch's, as {@link #json} does. */
  <T> T value(JsonNode json, Class<T> type) {
    return read(() -> FinchJson.read(json, type));
  }

  /** A text as a value of Finch's, as {@link #json} does. */
  <T> T value(String json, Class<T> type) {
    return read(() -> FinchJson.read(json, type));
  }

  private <T> T read(Supplier<@Nullable T> reading) {
    T value = null;
    try {
      value = reading.get();
    } catch (IllegalArgumentException _) {
      // Said below, without words of a library.
    }
    if (value == null) {
      throw new FinchException(stranger("answered with something that Finch never says"));
    }
    return value;
  }

  /**
   * A line of a response that is one JSON object a line.
   *
   * @throws FinchException where the line says that the request failed
   */
  JsonNode line(String text) {
    JsonNode line = json(text);
    if (line.has("failure") && !line.has("type")) {
      throw new FinchException(value(line.get("failure"), Failure.class));
    }
    return line;
  }

  /** The last line of a response, which says what came of it. */
  JsonNode last(@Nullable JsonNode line) {
    if (line == null) {
      throw lost(new IllegalStateException("a response without a line"));
    }
    return line;
  }

  /** What a response says that is no success. */
  Failure refused(int status, String body) {
    try {
      return value(json(body).path("failure"), Failure.class);
    } catch (FinchException _) {
      return stranger("answered with status " + status + " and nothing that Finch says");
    }
  }

  /** Why no response came. */
  FinchException unreachable(@Nullable Throwable thrown) {
    Throwable cause = thrown == null ? new IOException("no response") : Thrown.unwrapped(thrown);
    if (cause instanceof SSLException) {
      return new FinchException(
          Failure.permanent(
              FailureCode.PROVIDER_LOST,
              "No safe connection to " + server + " was made: " + cause.getMessage(),
              "Use the name that its certificate is for, and let this JVM trust who signed it"
                  + " (javax.net.ssl.trustStore)."),
          cause);
    }
    return new FinchException(
        Failure.passing(
            FailureCode.PROVIDER_LOST,
            "No Finch can be reached at " + server + ".",
            "Start one with `finch serve`, or check the address."),
        cause);
  }

  /** Why nothing comes once this Finch was closed. */
  FinchException closed() {
    return new FinchException(
        Failure.permanent(
            FailureCode.DRAINING,
            "This connection to " + server + " was closed.",
            "Connect anew."));
  }

  /** A response began, and was no whole one. */
  FinchException endless() {
    return new FinchException(
        stranger("answered with more than a Finch says, or never came to an end"));
  }

  /** Why a response that had begun broke. */
  FinchException lost(Throwable thrown) {
    Throwable cause = Thrown.unwrapped(thrown);
    return cause instanceof FinchException known ? known : new FinchException(cut(), cause);
  }

  /** A response that had begun ended before it was whole. */
  Failure cut() {
    return Failure.passing(
        FailureCode.PROVIDER_LOST, "The connection to Finch was lost in an answer.", "Ask again.");
  }

  private Failure stranger(String did) {
    return Failure.permanent(
        FailureCode.PROVIDER_LOST,
        server + " " + did + ".",
        "Is it a `finch serve`? Check the address and the port.");
  }
}
