package dev.finch.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.failure.Failure;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The OpenAPI document, made of the routes themselves, so that it cannot drift from them. */
final class OpenApi implements Dialect {

  private static final Pattern NAME = Pattern.compile("\\{([a-z]+)\\+?}");

  private final List<Dialect> dialects;

  OpenApi(List<Dialect> dialects) {
    this.dialects = dialects;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.open("GET", "/openapi.json", "This document", _ -> Replies.done(document())));
  }

  @Override
  public ObjectNode error(int status, Failure failure, String requestId) {
    return Json.object().put("message", failure.describe());
  }

  private ObjectNode document() {
    ObjectNode document = Json.object().put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "Finch")
        .put("description", "A local-first LLM runtime in the dialects of three APIs.")
        .put("version", "1");
    ObjectNode paths = document.putObject("paths");
    for (Dialect dialect : dialects) {
      String tag = dialect.getClass().getSimpleName();
      dialect.routes().forEach(route -> operation(paths, tag, route));
    }
    routes().forEach(route -> operation(paths, "OpenApi", route));
    ObjectNode schemes = document.putObject("components").putObject("securitySchemes");
    schemes.putObject("bearer").put("type", "http").put("scheme", "bearer");
    schemes.putObject("key").put("type", "apiKey").put("in", "header").put("name", "x-api-key");
    return document;
  }

  private static void operation(ObjectNode paths, String tag, Route route) {
    String path = route.pattern().replace("+}", "}");
    ObjectNode item = paths.withObjectProperty(path);
    ObjectNode operation = item.putObject(route.method().toLowerCase(Locale.ROOT));
    operation.put("summary", route.summary());
    operation.putArray("tags").add(tag);
    parameters(operation.putArray("parameters"), route);
    if (!route.method().equals("GET")) {
      ObjectNode body = operation.putObject("requestBody").put("required", true);
      ObjectNode schema = body.putObject("content").putObject("application/json");
      schema.putObject("schema").put("type", "object");
    }
    ObjectNode responses = operation.putObject("responses");
    responses.putObject("200").put("description", "What was asked for");
    responses.putObject("default").put("description", "An error in the dialect's own shape");
    ArrayNode security = operation.putArray("security");
    if (route.kind() != Route.Kind.OPEN) {
      security.addObject().putArray("bearer");
      security.addObject().putArray("key");
    }
  }

  private static void parameters(ArrayNode parameters, Route route) {
    Matcher names = NAME.matcher(route.pattern());
    while (names.find()) {
      parameter(parameters, names.group(1), "path").put("required", true);
    }
    if (route.kind() == Route.Kind.ANSWER) {
      parameter(parameters, "X-Finch-Privacy", "header")
          .put("description", "local-only, local-first or cloud-only");
      parameter(parameters, "X-Finch-When-Not-Ready", "header")
          .put("description", "forward or wait");
    }
  }

  private static ObjectNode parameter(ArrayNode parameters, String name, String in) {
    ObjectNode parameter = parameters.addObject().put("name", name).put("in", in);
    parameter.putObject("schema").put("type", "string");
    return parameter;
  }
}
