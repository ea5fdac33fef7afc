package dev.finch.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.inference.Provenance;

/**
 * Frames of server-sent events, written the way that strict clients read them: {@code event:}
 * before {@code data:}, a space after the colon, one JSON line.
 */
final class Sse {

  static final String KEEP_ALIVE = ": keep-alive\n\n";

  private Sse() {}

  static String data(JsonNode data) {
    return "data: " + Json.write(data) + "\n\n";
  }

  static String event(String name, JsonNode data) {
    return "event: " + name + "\ndata: " + Json.write(data) + "\n\n";
  }

  /** Who answered, for people who read the raw stream; clients skip comments. */
  static String provenance(Provenance who) {
    return ": finch served-by="
        + Replies.servedBy(who)
        + " model="
        + Replies.ascii(who.model())
        + " reason="
        + who.reason()
        + "\n\n";
  }
}
