package dev.finch.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.util.ByteString;

/** The page at {@code /}: files of the jar, without any asset from elsewhere. */
final class Page implements Dialect {

  /** Nothing but what comes from here runs, loads or is talked to. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final ContentType JAVASCRIPT =
      MediaTypes.APPLICATION_JAVASCRIPT.toContentType(HttpCharsets.UTF_8);
  private static final ContentType CSS = MediaTypes.TEXT_CSS.toContentType(HttpCharsets.UTF_8);
  private static final ContentType SVG = MediaTypes.IMAGE_SVG_XML.toContentType();

  @Override
  public List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.add(file("/", "index.html", ContentTypes.TEXT_HTML_UTF8));
    routes.add(file("/page/finch.css", "finch.css", CSS));
    routes.add(file("/page/finch.svg", "finch.svg", SVG));
    for (String module : List.of("main.js", "api.js", "chat.js", "state.js", "format.js")) {
      routes.add(file("/page/" + module, module, JAVASCRIPT));
    }
    return routes;
  }

  @Override
  public ObjectNode error(int status, Failure failure, String requestId) {
    return Json.object().put("message", failure.describe());
  }

  private static Route file(String path, String name, ContentType type) {
    ByteString bytes = read(name);
    return Route.open(
        "GET",
        path,
        "The page",
        _ ->
            CompletableFuture.completedFuture(
                HttpResponse.create()
                    .withEntity(HttpEntities.create(type, bytes))
                    .addHeader(Replies.header("Content-Security-Policy", POLICY))
                    .addHeader(Replies.header("X-Content-Type-Options", "nosniff"))
                    .addHeader(Replies.header("Referrer-Policy", "no-referrer"))
                    .addHeader(Replies.header("Cache-Control", "no-cache"))));
  }

  private static ByteString read(String name) {
    try (InputStream in = Page.class.getResourceAsStream("page/" + name)) {
      if (in == null) {
        throw new IllegalStateException("page/" + name + " is not in the jar");
      }
      return ByteString.fromArray(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
