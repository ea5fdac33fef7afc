package dev.finch.download;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.failure.Thrown;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.stream.StreamLimitReachedException;
import org.jspecify.annotations.Nullable;

/**
 * The Hub's protocol: revisions, listings, where a file's bytes lie, and those bytes.
 *
 * <p>Stages fail with {@link FinchException}. Questions to the API are repeated while the failure
 * may pass; the bytes' retries belong to {@link Transfer}. Thread-safe.
 */
final class Hub {

  private static final int MOST_REDIRECTS = 10;
  private static final int MOST_PAGES = 1000;
  private static final int MOST_TRIES_OF_DEAD = 3;
  private static final long MOST_JSON = 16L << 20;
  private static final int MOST_TOKENS = 1_000_000;
  private static final int DEEPEST = 100;

  /** Of one listing; the largest repositories have some ten thousand. */
  private static final int MOST_FILES = 100_000;

  /** 64 TiB: more than a hundred times the largest model, and no sum of them overflows. */
  private static final long LARGEST_FILE = 1L << 46;

  private static final int LONGEST_MESSAGE = 500;
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;[^,]*rel=\"next\"");

  /** Not before the Hub has answered: making one is slow in a cold JVM. */
  private static final class Json {
    static final ObjectMapper MAPPER =
        new ObjectMapper(
            JsonFactory.builder()
                .streamReadConstraints(
                    StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxTokenCount(MOST_TOKENS)
                        .build())
                .build());
  }

  /**
   * Where a file's bytes lie.
   *
   * @param address opaque, and signed for about an hour
   * @param size as the Hub says, or -1 where it does not
   * @param blob as the Hub says, or null where it does not
   */
  record Location(Address address, long size, @Nullable BlobId blob) {}

  private final HubHttp hubHttp;
  private final DownloadSettings settings;

  Hub(HubHttp hubHttp, DownloadSettings settings) {
    this.hubHttp = hubHttp;
    this.settings = settings;
  }

  static boolean isCommit(String revision) {
    return COMMIT.matcher(revision).matches();
  }

  /**
   * The commit that a branch or tag points to now.
   *
   * @param patient whether to wait and ask again where the Hub cannot answer at once
   */
  CompletionStage<String> commitOf(String repository, String revision, boolean patient) {
    Address address =
        at("/api/models/" + repository + "/revision/" + Address.encode(revision, false));
    HubFailures.Question question = question(address, repository, revision, null);
    Duration shut = hubHttp.shut(address);
    if (!patient && !shut.isZero()) {
      return CompletableFuture.failedStage(
          new FinchException(HubFailures.of(429, null, null, shut, question)));
    }
    Supplier<CompletionStage<Page>> ask = () -> json(address, question);
    return (patient ? retrying(ask) : ask.get())
        .thenApply(
            page -> {
              String commit = page.body().path("sha").asText();
              if (!isCommit(commit)) {
                throw protocol(address, "its answer names no commit");
              }
              return commit;
            });
  }

  /** All files of a commit. */
  CompletionStage<List<RemoteFile>> files(String repository, String commit) {
    Address first =
        at("/api/models/" + repository + "/tree/" + commit + "?recursive=true&expand=false");
    return pages(first, repository, commit, new ArrayList<>(), 0);
  }

  /** Whether the Hub has this repository for us. Never fails. */
  CompletionStage<Boolean> exists(String repository) {
    Address address = at("/api/models/" + repository);
    return json(address, question(address, repository, null, null))
        .handle((page, failure) -> failure == null);
  }

  /** Where the bytes of a commit's file lie; asks the Hub, never the CDN. */
  CompletionStage<Location> locate(String repository, String commit, String path) {
    Address address =
        at("/" + repository + "/resolve/" + commit + "/" + Address.encode(path, true));
    return resolve(address, question(address, repository, commit, path), 0);
  }

  /**
   * The bytes at a location, from there to wherever it redirects. The answer may have any status.
   */
  CompletionStage<HttpResponse> open(Address address, @Nullable ByteRange range) {
    HttpHeader[] headers =
        range == null
            ? new HttpHeader[0]
            : new HttpHeader[] {RawHeader.create("Range", range.header())};
    return follow(HttpMethods.GET, address, 0, headers);
  }

  private CompletionStage<List<RemoteFile>> pages(
      Address address, String repository, String commit, List<RemoteFile> found, int count) {
    if (count >= MOST_PAGES) {
      throw protocol(address, "its listing does not end");
    }
    return retrying(() -> json(address, question(address, repository, commit, null)))
        .thenCompose(
            page -> {
              page.body().forEach(entry -> add(address, entry, found));
              if (found.size() > MOST_FILES) {
                throw protocol(address, "its listing has more than " + MOST_FILES + " files");
              }
              Address next = page.next();
              return next == null
                  ? CompletableFuture.completedStage(List.copyOf(found))
                  : pages(next, repository, commit, found, count + 1);
            });
  }

  private static void add(Address address, JsonNode entry, List<RemoteFile> found) {
    if (!entry.path("type").asText().equals("file")) {
      return;
    }
    JsonNode lfs = entry.path("lfs");
    BlobId blob = BlobId.parse((lfs.isObject() ? lfs : entry).path("oid").asText());
    JsonNode size = (lfs.has("size") ? lfs : entry).path("size");
    String path = entry.path("path").asText();
    if (path.chars().anyMatch(Character::isISOControl)) {
      throw protocol(address, "it names a file with a control character in its path");
    }
    if (!size.canConvertToLong() || size.asLong() < 0 || size.asLong() > LARGEST_FILE) {
      throw protocol(address, "it says that " + path + " has " + brief(size) + " bytes");
    }
    if (blob != null) {
      found.add(new RemoteFile(path, size.asLong(), blob));
    }
  }

  private static String brief(JsonNode value) {
    return value.isMissingNode() ? "no number of" : cut(value.asText());
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + "…";
  }

  /**
   * Redirects within the endpoint are followed, with the token; one that leads away is the answer,
   * unless it comes from a mirror that knows nothing itself and names the real Hub.
   */
  private CompletionStage<Location> resolve(
      Address address, HubFailures.Question question, int redirects) {
    if (redirects > MOST_REDIRECTS) {
      throw protocol(address, "it redirects in circles");
    }
    return hubHttp
        .send(HttpMethods.HEAD, address)
        .thenCompose(
            response -> {
              hubHttp.discard(response);
              int status = response.status().intValue();
              String target = HubHttp.header(response, "Location");
              if (status >= 300 && status < 400 && target != null) {
                Address next = next(address, target);
                boolean answered = HubHttp.header(response, "X-Repo-Commit") != null;
                return next.sameOrigin(address) || !answered
                    ? resolve(next, question, redirects + 1)
                    : CompletableFuture.completedStage(location(next, response));
              }
              if (status != 200) {
                throw new FinchException(failure(response, null, question));
              }
              if (HubHttp.header(response, "X-Repo-Commit") == null) {
                throw protocol(address, "something that is no Hub answers here (a login page?)");
              }
              return CompletableFuture.completedStage(location(address, response));
            });
  }

  private static Location location(Address address, HttpResponse response) {
    String linked = HubHttp.header(response, "X-Linked-ETag");
    String size = HubHttp.header(response, "X-Linked-Size");
    return new Location(
        address,
        size != null && size.matches("\\d{1,18}") ? Long.parseLong(size) : -1,
        BlobId.parse(linked != null ? linked : HubHttp.header(response, "ETag")));
  }

  private CompletionStage<HttpResponse> follow(
      HttpMethod method, Address address, int redirects, HttpHeader... headers) {
    if (redirects > MOST_REDIRECTS) {
      throw protocol(address, "it redirects in circles");
    }
    return hubHttp
        .send(method, address, headers)
        .thenCompose(
            response -> {
              int status = response.status().intValue();
              String target = HubHttp.header(response, "Location");
              if (status < 300 || status >= 400 || status == 304 || target == null) {
                return CompletableFuture.completedStage(response);
              }
              hubHttp.discard(response);
              return follow(method, next(address, target), redirects + 1, headers);
            });
  }

  private static Address next(Address from, String location) {
    Address next;
    try {
      next = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw protocol(from, "it redirects to no address");
    }
    if (from.secure() && !next.secure()) {
      throw protocol(from, "it redirects from https to http");
    }
    return next;
  }

  private record Page(JsonNode body, @Nullable Address next) {}

  private CompletionStage<Page> json(Address address, HubFailures.Question question) {
    return follow(HttpMethods.GET, address, 0)
        .thenCompose(
            response ->
                text(response)
                    .exceptionallyCompose(
                        failure -> CompletableFuture.failedStage(unread(address, failure)))
                    .thenApply(
                        text -> {
                          if (response.status().intValue() != 200) {
                            throw new FinchException(failure(response, text, question));
                          }
                          return new Page(parse(address, text), nextPage(address, response));
                        }));
  }

  /** Copied, because each piece may be of one byte and an object of its own. */
  private CompletionStage<String> text(HttpResponse response) {
    return response
        .entity()
        .withoutSizeLimit()
        .getDataBytes()
        .limitWeighted(MOST_JSON, bytes -> (long) bytes.size())
        .completionTimeout(settings.requestTimeout())
        .runFold(
            new ByteArrayOutputStream(),
            (all, bytes) -> {
              all.writeBytes(bytes.toArrayUnsafe());
              return all;
            },
            hubHttp.materializer())
        .thenApply(all -> all.toString(StandardCharsets.UTF_8));
  }

  private static FinchException unread(Address address, Throwable failure) {
    return Thrown.unwrapped(failure) instanceof StreamLimitReachedException
        ? protocol(address, "its answer is longer than " + MOST_JSON + " bytes")
        : new FinchException(HubFailures.unreachable(address, null, failure), failure);
  }

  private static JsonNode parse(Address address, String text) {
    try {
      JsonNode body = Json.MAPPER.readTree(text);
      if (body.isContainerNode()) {
        return body;
      }
    } catch (IOException e) {
      // Said below: a portal's page is no JSON.
    }
    throw protocol(address, "something that is no Hub answers here (a login page?)");
  }

  private static @Nullable Address nextPage(Address address, HttpResponse response) {
    String link = HubHttp.header(response, "Link");
    Matcher next = NEXT.matcher(link == null ? "" : link);
    if (!next.find()) {
      return null;
    }
    Address page = address.resolve(next.group(1));
    if (!page.sameOrigin(address)) {
      throw protocol(address, "its listing continues on another host, " + page.host());
    }
    return page;
  }

  private static Failure failure(
      HttpResponse response, @Nullable String body, HubFailures.Question question) {
    String message = HubHttp.header(response, "X-Error-Message");
    if (message == null && body != null && body.length() < 10_000) {
      message = errorOf(body);
    }
    return HubFailures.of(
        response.status().intValue(),
        HubHttp.header(response, "X-Error-Code"),
        message == null ? null : cut(message),
        HubHttp.wait(response),
        question);
  }

  private static @Nullable String errorOf(String body) {
    try {
      JsonNode error = Json.MAPPER.readTree(body).path("error");
      return error.isTextual() ? error.asText() : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Asks again while the failure may pass, but soon says that a dead host is dead. */
  private <T> CompletionStage<T> retrying(Supplier<CompletionStage<T>> question) {
    return retrying(question, 1);
  }

  private <T> CompletionStage<T> retrying(Supplier<CompletionStage<T>> question, int attempt) {
    return question
        .get()
        .exceptionallyCompose(
            thrown -> {
              Failure failure = DiskFailures.of(thrown);
              boolean dead = failure.code() == FailureCode.HUB_UNREACHABLE;
              int most =
                  dead ? Math.min(MOST_TRIES_OF_DEAD, settings.retries()) : settings.retries();
              if (!failure.retryable() || attempt > most) {
                return CompletableFuture.failedStage(new FinchException(failure, thrown));
              }
              Duration asked = failure.retryAfter().orElse(null);
              Duration pause = settings.backoff().pause(attempt, ThreadLocalRandom.current());
              return Patterns.after(
                  asked != null && asked.compareTo(pause) > 0 ? asked : pause,
                  hubHttp.system().classicSystem(),
                  () -> retrying(question, attempt + 1));
            });
  }

  private Address at(String path) {
    Address endpoint = settings.endpoint();
    return endpoint.withTarget(endpoint.target().replaceFirst("/+$", "") + path);
  }

  private HubFailures.Question question(
      Address address, String repository, @Nullable String revision, @Nullable String file) {
    return new HubFailures.Question(
        address, repository, revision, file, hubHttp.authenticated(address));
  }

  private static FinchException protocol(Address address, String what) {
    return new FinchException(
        Failure.permanent(
            FailureCode.HUB_PROTOCOL,
            address.origin() + " does not behave like a Hub: " + what + ".",
            "Check HF_ENDPOINT, and whether this network wants a login in the browser."));
  }
}
