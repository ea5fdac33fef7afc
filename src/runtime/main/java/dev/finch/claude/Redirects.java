package dev.finch.claude;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway that answers "elsewhere" means: elsewhere on itself is gone to, with the same
 * request, since it has that already (RFC 9110, section 15.4); a prompt and a key go nowhere else
 * because somebody said so.
 */
final class Redirects {

  /** How often one attempt goes elsewhere. */
  static final int MOST = 3;

  private static final int SHOWN = 200;

  private Redirects() {}

  static boolean is(HttpResponse response) {
    return response.status().intValue() / 100 == 3;
  }

  /** The path to ask at the same place, or null where it is none that is gone to. */
  static @Nullable String path(HttpResponse response, Endpoint endpoint) {
    boolean keepsTheMethod =
        switch (response.status().intValue()) {
          case 301, 302, 307, 308 -> true;
          default -> false;
        };
    String location = location(response);
    if (!keepsTheMethod || location == null) {
      return null;
    }
    try {
      URI base =
          new URI(
              endpoint.secure() ? "https" : "http",
              null,
              endpoint.host(),
              endpoint.port(),
              endpoint.path("/v1/messages"),
              null,
              null);
      URI target = base.resolve(new URI(location));
      if (!isSame(target, endpoint) || target.getRawPath() == null) {
        return null;
      }
      String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
      return target.getRawPath() + query;
    } catch (URISyntaxException | IllegalArgumentException e) {
      return null;
    }
  }

  private static boolean isSame(URI target, Endpoint endpoint) {
    boolean secure = "https".equalsIgnoreCase(target.getScheme());
    int port = target.getPort() >= 0 ? target.getPort() : secure ? 443 : 80;
    return target.getHost() != null
        && secure == endpoint.secure()
        && port == endpoint.port()
        && target.getHost().replaceAll("^\\[|]$", "").equalsIgnoreCase(endpoint.host());
  }

  /** What is told where it is not gone to. */
  static Failure failure(HttpResponse response, Endpoint endpoint) {
    String location = location(response);
    String where = location == null ? "nowhere" : location.replaceAll("[^\\x20-\\x7e]", "?");
    return Failure.permanent(
        FailureCode.CLAUDE_PROTOCOL,
        endpoint
            + " redirects to "
            + (where.length() <= SHOWN ? where : where.substring(0, SHOWN) + "…")
            + " (status "
            + response.status().intValue()
            + "), and prompts and keys go to no other place than the one that was configured.",
        "Set finch.cloud.endpoint to the address that answers.");
  }

  private static @Nullable String location(HttpResponse response) {
    return RequestBuilder.headersOf(response).apply("location");
  }
}
