package dev.finch.http;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/** All routes of all dialects, and which dialect's words an unknown path is answered in. */
final class RouteTable {

  /**
   * What a request asks for.
   *
   * @param route null where nothing answers it
   * @param values of the pattern's names
   * @param refusal why nothing answers it; without meaning where {@code route} is not null
   */
  record Found(
      Dialect dialect, @Nullable Route route, List<String> values, Refusals.Refusal refusal) {}

  private record Entry(Dialect dialect, Route route) {}

  private static final Refusals.Refusal NOT_FOUND =
      Refusals.permanent(404, "There is no such path.", "GET /openapi.json lists them.");

  private final List<Entry> entries = new ArrayList<>();
  private final List<Dialect> dialects;

  /**
   * @param dialects the first one answers unknown paths that look like no other's
   */
  RouteTable(List<Dialect> dialects) {
    this.dialects = dialects;
    for (Dialect dialect : dialects) {
      dialect.routes().forEach(route -> entries.add(new Entry(dialect, route)));
    }
  }

  List<Route> routes() {
    return entries.stream().map(Entry::route).toList();
  }

  /** What is asked for, and the dialect that the client reads. */
  Found find(HttpRequest request) {
    Found found = match(request);
    Route route = found.route();
    return route != null && route.kind() == Route.Kind.ANSWER
        ? found
        : new Found(found.dialect().spokenIn(request), route, found.values(), found.refusal());
  }

  private Found match(HttpRequest request) {
    List<String> segments = segments(request);
    String method = request.method().name();
    String asked = method.equals("HEAD") ? "GET" : method;
    TreeSet<String> others = new TreeSet<>();
    Dialect dialect = null;
    for (Entry entry : entries) {
      List<String> values = entry.route().match(segments);
      if (values != null && entry.route().method().equals(asked)) {
        return new Found(entry.dialect(), entry.route(), values, NOT_FOUND);
      }
      if (values != null) {
        dialect = entry.dialect();
        others.add(entry.route().method());
      }
    }
    if (dialect != null) {
      return new Found(dialect, null, List.of(), wrongMethod(method, others));
    }
    return new Found(nearest(segments), null, List.of(), NOT_FOUND);
  }

  /** People paste a base URL that ends in /v1 where the client adds /v1 itself. */
  private static List<String> segments(HttpRequest request) {
    List<String> segments = new ArrayList<>();
    request.getUri().pathSegments().forEach(segments::add);
    if (segments.isEmpty()) {
      segments.add("");
    }
    boolean doubled =
        segments.size() > 2 && segments.get(0).equals("v1") && segments.get(1).equals("v1");
    return doubled ? segments.subList(1, segments.size()) : segments;
  }

  private Dialect nearest(List<String> segments) {
    Dialect best = dialects.getFirst();
    int most = 0;
    for (Entry entry : entries) {
      String[] pattern = entry.route().pattern().substring(1).split("/", -1);
      int common = 0;
      while (common < Math.min(pattern.length, segments.size())
          && pattern[common].equals(segments.get(common))) {
        common++;
      }
      if (common > most) {
        most = common;
        best = entry.dialect();
      }
    }
    return best;
  }

  private static Refusals.Refusal wrongMethod(String method, TreeSet<String> others) {
    return Refusals.permanent(
        405, method + " is not served here.", "Use " + String.join(" or ", others) + ".");
  }
}
