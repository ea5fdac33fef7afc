package dev.finch.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The OpenAPI document: its operations are the routes themselves, and what they take and give is
 * written down in {@code openapi.json} beside this class. A route that is not written down there,
 * and an operation there that is no route, fail at start.
 */
final class OpenApi implements Dialect {

  private static final Pattern NAME = Pattern.compile("\\{([a-z]+)\\+?}");
  private static final String JSON = "application/json";

  private final ObjectNode document;

  OpenApi(List<Dialect> dialects) {
    JsonNode written = read();
    ObjectNode operations = (ObjectNode) written.required("operations");
    document = Json.object().put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "Finch")
        .put("description", "A local-first LLM runtime in the dialects of three APIs.")
        .put("version", "1");
    ObjectNode paths = document.putObject("paths");
    for (Dialect dialect : dialects) {
      String tag = dialect.getClass().getSimpleName();
      dialect.routes().forEach(route -> add(paths, tag, route, operations));
    }
    routes().forEach(route -> add(paths, "OpenApi", route, operations));
    if (!operations.isEmpty()) {
      throw new IllegalStateException("openapi.json describes what is no route: " + operations);
    }
    ObjectNode components = document.putObject("components");
    components.set("schemas", written.required("schemas"));
    ObjectNode schemes = components.putObject("securitySchemes");
    schemes.putObject("bearer").put("type", "http").put("scheme", "bearer");
    schemes.putObject("key").put("type", "apiKey").put("in", "header").put("name", "x-api-key");
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.open("GET", "/openapi.json", "This document", _ -> Replies.done(document)));
  }

  @Override
  public ObjectNode error(int status, Failure failure, String requestId) {
    return Json.object().put("message", failure.describe());
  }

  private static void add(ObjectNode paths, String tag, Route route, ObjectNode operations) {
    JsonNode written = operations.remove(route.method() + " " + route.pattern());
    if (written == null) {
      throw new IllegalStateException("openapi.json does not describe " + route.pattern());
    }
    ObjectNode item = paths.withObjectProperty(route.pattern().replace("+}", "}"));
    ObjectNode operation = item.putObject(route.method().toLowerCase(Locale.ROOT));
    operation.put("summary", route.summary());
    operation.putArray("tags").add(tag);
    parameters(operation.putArray("parameters"), route);
    if (written.has("request")) {
      ObjectNode body = operation.putObject("requestBody").put("required", true);
      content(body.putObject("content"), JSON, written.get("request"));
    }
    responses(operation.putObject("responses"), written);
    ArrayNode security = operation.putArray("security");
    if (route.kind() != Route.Kind.OPEN) {
      security.addObject().putArray("bearer");
      security.addObject().putArray("key");
    }
  }

  private static void responses(ObjectNode responses, JsonNode written) {
    ObjectNode success = responses.putObject("200").put("description", "What was asked for");
    if (written.has("response")) {
      content(success.withObjectProperty("content"), JSON, written.get("response"));
    }
    if (written.has("media")) {
      String media = written.get("media").asText();
      content(success.withObjectProperty("content"), media, written.get("stream"));
    }
    ObjectNode failure = responses.putObject("default").put("description", "A failure");
    content(failure.putObject("content"), JSON, written.required("error"));
  }

  private static void content(ObjectNode content, String media, @Nullable JsonNode schema) {
    ObjectNode described = content.putObject(media);
    if (schema != null) {
      described.putObject("schema").put("$ref", "#/components/schemas/" + schema.asText());
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

  private static JsonNode read() {
    try (InputStream in = OpenApi.class.getResourceAsStream("openapi.json")) {
      if (in == null) {
        throw new IllegalStateException("openapi.json is not in the jar");
      }
      return Json.read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("openapi.json is no JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
