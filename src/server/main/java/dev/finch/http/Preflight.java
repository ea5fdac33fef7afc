package dev.finch.http;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/**
 * What OPTIONS is answered with. A browser asks so before it lets a page of another origin post
 * JSON, and sends no key with it (<a
 * href="https://fetch.spec.whatwg.org/#cors-preflight-fetch">Fetch, CORS-preflight fetch</a>). The
 * headers that it names are echoed, because {@code *} does not cover Authorization. Balancers ask
 * whether a server lives ({@code OPTIONS /}, HAProxy's default).
 */
final class Preflight {

  private static final String METHODS = "GET, HEAD, POST, DELETE, OPTIONS";
  private static final int LONGEST = 4096;

  private Preflight() {}

  static boolean is(HttpRequest request) {
    return request.method().name().equals("OPTIONS");
  }

  /**
   * @param crossOrigin whether a page of an allowed other origin asks
   */
  static HttpResponse answer(HttpRequest request, boolean crossOrigin) {
    HttpResponse empty = HttpResponse.create().withStatus(StatusCodes.NO_CONTENT);
    if (!crossOrigin || AccessPolicy.header(request, "Access-Control-Request-Method") == null) {
      return empty.addHeader(Replies.header("Allow", METHODS));
    }
    List<HttpHeader> headers = new ArrayList<>();
    headers.add(Replies.header("Access-Control-Allow-Methods", METHODS));
    headers.add(Replies.header("Access-Control-Max-Age", "600"));
    String asked = AccessPolicy.header(request, "Access-Control-Request-Headers");
    if (asked != null && asked.length() <= LONGEST) {
      headers.add(Replies.header("Access-Control-Allow-Headers", Replies.ascii(asked)));
    }
    String network = AccessPolicy.header(request, "Access-Control-Request-Private-Network");
    if ("true".equalsIgnoreCase(network)) {
      headers.add(Replies.header("Access-Control-Allow-Private-Network", "true"));
    }
    return empty.addHeaders(headers);
  }
}
