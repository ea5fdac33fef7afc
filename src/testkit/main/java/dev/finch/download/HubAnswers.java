package dev.finch.download;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The answers of the Hub itself: listings, redirects and refusals. */
final class HubAnswers {

  private static final Pattern MODEL =
      Pattern.compile("/api/models/([^/]+/[^/]+?)(?:/(revision|tree|paths-info)/([^/]+))?");
  private static final Pattern RESOLVE = Pattern.compile("/([^/]+/[^/]+)/resolve/([^/]+)/(.+)");
  private static final Pattern SMALL =
      Pattern.compile("/api/resolve-cache/models/([^/]+/[^/]+)/([0-9a-f]{40})/(.+)");
  private static final long LFS_FROM = 1024;

  private final LoopbackHub hub;
  private final HttpConnection connection;
  private final HttpConnection.Request request;

  HubAnswers(LoopbackHub hub, HttpConnection connection, HttpConnection.Request request) {
    this.hub = hub;
    this.connection = connection;
    this.request = request;
  }

  boolean answer() throws IOException, InterruptedException {
    LoopbackHub.Place place = LoopbackHub.placeOf("127.0.0.1", request.target());
    Fault fault = hub.next(place, request);
    switch (fault.kind()) {
      case STATUS -> {
        say((int) fault.number(), fault.headers(), "{}");
        return true;
      }
      case HTML -> {
        say(200, Map.of("Content-Type", "text/html"), "<html>Please log in</html>");
        return true;
      }
      case FIN, RST -> {
        note(0);
        connection.reset();
        return false;
      }
      case STALL -> {
        note(0);
        Thread.sleep(60_000);
        return false;
      }
      case LATE -> Thread.sleep(fault.number());
      default -> {}
    }
    route(fault.kind() == Fault.Kind.WRONG_ETAG);
    return true;
  }

  private void route(boolean wrongEtag) throws IOException {
    if (badToken()) {
      error(401, null, "Invalid credentials in Authorization header");
      return;
    }
    Matcher model = MODEL.matcher(request.path());
    Matcher resolve = RESOLVE.matcher(request.path());
    Matcher small = SMALL.matcher(request.path());
    if (small.matches()) {
      small(small.group(1), decode(small.group(3)));
    } else if (model.matches()) {
      model(model);
    } else if (resolve.matches()) {
      resolve(resolve.group(1), decode(resolve.group(2)), decode(resolve.group(3)), wrongEtag);
    } else {
      error(404, null, "Not found");
    }
  }

  private void model(Matcher asked) throws IOException {
    LoopbackHub.Repository repository = visible(asked.group(1));
    if (repository == null) {
      return;
    }
    String revision = asked.group(3) == null ? "main" : decode(asked.group(3));
    if (!known(repository, revision)) {
      error(404, "RevisionNotFound", "Invalid rev id: " + revision);
    } else if ("tree".equals(asked.group(2))) {
      tree(repository);
    } else if ("paths-info".equals(asked.group(2))) {
      pathsInfo(repository);
    } else {
      say(
          200,
          Map.of("Content-Type", "application/json"),
          "{\"id\":\"" + repository.id + "\",\"sha\":\"" + repository.commit + "\"}");
    }
  }

  private void tree(LoopbackHub.Repository repository) throws IOException {
    List<String> entries = new ArrayList<>();
    repository.files.forEach((path, content) -> entries.add(entry(path, content)));
    Matcher cursor = Pattern.compile("cursor=(\\d+)").matcher(request.query());
    int from = cursor.find() ? Integer.parseInt(cursor.group(1)) : 0;
    int to = Math.min(entries.size(), from + hub.pageSize);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json");
    if (to < entries.size()) {
      headers.put(
          "Link",
          "<"
              + hub.endpoint()
              + request.path()
              + "?recursive=true&cursor="
              + to
              + ">; rel=\"next\"");
    }
    say(200, headers, "[" + String.join(",", entries.subList(from, to)) + "]");
  }

  private void pathsInfo(LoopbackHub.Repository repository) throws IOException {
    List<String> entries = new ArrayList<>();
    repository.files.forEach(
        (path, content) -> {
          if (request.body().contains("\"" + path + "\"")) {
            entries.add(entry(path, content));
          }
        });
    say(200, Map.of("Content-Type", "application/json"), "[" + String.join(",", entries) + "]");
  }

  private static String entry(String path, Content content) {
    String common =
        "{\"type\":\"file\",\"path\":\"" + path + "\",\"size\":" + content.size() + ",\"oid\":\"";
    return content.size() < LFS_FROM
        ? common + content.sha1() + "\"}"
        : common
            + "0123456789012345678901234567890123456789\",\"lfs\":{\"oid\":\""
            + content.sha256()
            + "\",\"size\":"
            + content.size()
            + ",\"pointerSize\":135}}";
  }

  private void resolve(String id, String revision, String path, boolean wrongEtag)
      throws IOException {
    LoopbackHub.Repository repository = visible(id);
    if (repository == null) {
      return;
    }
    if (repository.gated && request.header("authorization").isEmpty()) {
      error(401, "GatedRepo", "Access to model " + id + " is restricted.");
      return;
    }
    if (!known(repository, revision)) {
      error(404, "RevisionNotFound", "Invalid rev id: " + revision);
      return;
    }
    Content content = repository.files.get(path);
    if (content == null) {
      error(404, "EntryNotFound", "Entry not found");
      return;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-Repo-Commit", repository.commit);
    headers.put("Accept-Ranges", "bytes");
    headers.put("RateLimit", "\"resolvers\";r=2999;t=300");
    if (content.size() < LFS_FROM) {
      headers.put(
          "Location",
          "/api/resolve-cache/models/"
              + id
              + "/"
              + repository.commit
              + "/"
              + encode(path)
              + "?etag=%22"
              + content.sha1()
              + "%22");
      say(307, headers, "Temporary Redirect");
      return;
    }
    String etag = wrongEtag ? "f".repeat(64) : content.sha256();
    headers.put("X-Linked-Size", String.valueOf(content.size()));
    headers.put("X-Linked-ETag", "\"" + etag + "\"");
    headers.put("ETag", "\"pointer\"");
    headers.put("X-Xet-Hash", "ab".repeat(32));
    headers.put(
        "Location",
        new Signature(content.sha256(), System.currentTimeMillis() + hub.ttl.toMillis())
            .address(hub.cdn()));
    say(302, headers, "Found. Redirecting to the CDN");
  }

  private void small(String id, String path) throws IOException {
    LoopbackHub.Repository repository = visible(id);
    if (repository == null) {
      return;
    }
    Content content = requireNonNull(repository.files.get(path));
    byte[] bytes = java.nio.file.Files.readAllBytes(content.file());
    hub.bodyBytes.addAndGet(request.method().equals("HEAD") ? 0 : bytes.length);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-Repo-Commit", repository.commit);
    headers.put("ETag", "\"" + content.sha1() + "\"");
    headers.put("Content-Length", String.valueOf(bytes.length));
    note(200);
    connection.head(200, headers);
    if (!request.method().equals("HEAD")) {
      connection.write(java.nio.ByteBuffer.wrap(bytes));
    }
  }

  /** Null where it was refused. */
  private LoopbackHub.@Nullable Repository visible(String id) throws IOException {
    LoopbackHub.Repository repository = hub.repositories.get(id);
    boolean anonymous = request.header("authorization").isEmpty();
    if (repository == null || (repository.hidden && anonymous)) {
      if (anonymous) {
        error(401, null, "Invalid username or password.");
      } else {
        error(404, "RepoNotFound", "Repository not found");
      }
      return null;
    }
    return repository;
  }

  private boolean badToken() {
    String authorization = request.header("authorization");
    return !authorization.isEmpty()
        && !hub.tokens.isEmpty()
        && !hub.tokens.contains(authorization.replaceFirst("^Bearer ", ""));
  }

  private static boolean known(LoopbackHub.Repository repository, String revision) {
    return repository.commit.equals(revision) || repository.refs.containsKey(revision);
  }

  private void error(int status, @Nullable String code, String message) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    if (code != null) {
      headers.put("X-Error-Code", code);
    }
    headers.put("X-Error-Message", message);
    say(status, headers, "{\"error\":\"" + message + "\"}");
  }

  private void say(int status, Map<String, String> headers, String body) throws IOException {
    note(status);
    connection.answer(!request.method().equals("HEAD"), status, headers, body);
  }

  private void note(int status) {
    hub.seen.add(
        new LoopbackHub.Seen(
            "127.0.0.1", request.method(), request.target(), request.headers(), status));
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Percent-encodes everything but letters, digits, {@code -._~} and slashes. */
  private static String encode(String path) {
    return URLEncoder.encode(path, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~")
        .replace("%2F", "/");
  }
}
