package dev.finch.http;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * One operation: what is asked where, and who answers. The list of routes is the one source of
 * dispatch and of {@code /openapi.json}.
 *
 * @param method GET, POST or DELETE
 * @param pattern segments; {@code {name}} takes one, {@code {name+}} the rest
 * @param kind what the door asks for and what is counted
 * @param summary for the OpenAPI document
 */
record Route(String method, String pattern, Kind kind, String summary, Handler handler) {

  /** How a route is guarded. */
  enum Kind {
    /** Needs no key. */
    OPEN,
    /** Needs a key. */
    GUARDED,
    /** Needs a key that may change models. */
    ADMIN,
    /** Needs a key and a place among the answers being made. */
    ANSWER
  }

  /** Answers one call. A thrown or failed {@link dev.finch.failure.FinchException} is rendered. */
  @FunctionalInterface
  interface Handler {
    CompletionStage<HttpResponse> handle(Call call);
  }

  static Route open(String method, String pattern, String summary, Handler handler) {
    return new Route(method, pattern, Kind.OPEN, summary, handler);
  }

  static Route guarded(String method, String pattern, String summary, Handler handler) {
    return new Route(method, pattern, Kind.GUARDED, summary, handler);
  }

  static Route admin(String method, String pattern, String summary, Handler handler) {
    return new Route(method, pattern, Kind.ADMIN, summary, handler);
  }

  static Route answer(String pattern, String summary, Handler handler) {
    return new Route("POST", pattern, Kind.ANSWER, summary, handler);
  }

  /** The values of the pattern's names in order, or null where the path is another. */
  @Nullable List<String> match(List<String> segments) {
    String[] wanted = pattern.substring(1).split("/", -1);
    List<String> values = new ArrayList<>(1);
    for (int i = 0; i < wanted.length; i++) {
      if (i >= segments.size()) {
        return null;
      }
      if (wanted[i].endsWith("+}")) {
        values.add(String.join("/", segments.subList(i, segments.size())));
        return values;
      }
      if (wanted[i].startsWith("{")) {
        values.add(segments.get(i));
      } else if (!wanted[i].equals(segments.get(i))) {
        return null;
      }
    }
    return wanted.length == segments.size() ? values : null;
  }
}
