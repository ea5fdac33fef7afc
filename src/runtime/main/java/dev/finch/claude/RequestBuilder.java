package dev.finch.claude;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMessage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.headers.UserAgent;
import org.apache.pekko.util.ByteString;

/** Builds the HTTP requests of the API, headers and key included. Thread-safe. */
final class RequestBuilder {

  private static final String AGENT = "finch";

  private final Endpoint endpoint;
  private final List<HttpHeader> headers;

  RequestBuilder(ClaudeSettings settings) {
    this.endpoint = settings.endpoint();
    this.headers = headers(settings);
  }

  HttpRequest messages(ApiRequest apiRequest) {
    String path = apiRequest.path();
    return post(
        path == null ? endpoint.path("/v1/messages") : path, apiRequest.body(), apiRequest.betas());
  }

  HttpRequest countTokens(ByteString body, List<String> betas) {
    return post(endpoint.path("/v1/messages/count_tokens"), body, betas);
  }

  HttpRequest models() {
    return HttpRequest.GET(endpoint.path("/v1/models?limit=1000")).addHeaders(headers);
  }

  /** The value of a response's header, or null where it has none. */
  static RetryPolicy.Headers headersOf(HttpMessage response) {
    return name -> response.getHeader(name).map(HttpHeader::value).orElse(null);
  }

  private HttpRequest post(String path, ByteString body, List<String> betas) {
    HttpRequest post = HttpRequest.POST(path).addHeaders(headers);
    HttpRequest told =
        betas.isEmpty()
            ? post
            : post.addHeader(RawHeader.create("anthropic-beta", String.join(",", betas)));
    return told.withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, body));
  }

  private static List<HttpHeader> headers(ClaudeSettings settings) {
    List<HttpHeader> headers = new ArrayList<>();
    headers.add(UserAgent.create(AGENT));
    headers.add(RawHeader.create("anthropic-version", settings.version().header()));
    if (settings.apiKey() != null) {
      headers.add(RawHeader.create("x-api-key", settings.apiKey().reveal()));
    } else if (settings.authToken() != null) {
      headers.add(RawHeader.create("authorization", "Bearer " + settings.authToken().reveal()));
    }
    return List.copyOf(headers);
  }
}
