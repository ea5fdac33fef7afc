package dev.finch.http;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.Thrown;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.StreamLimitReachedException;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of every request: find its route, judge it at the door, take a place, read its body, let
 * the dialect answer, log one line, give the place back when the last byte is out or the client is
 * gone.
 */
final class FrontDoor {

  private static final Logger ACCESS = LoggerFactory.getLogger("dev.finch.http.access");
  private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

  private final ActorSystem<?> system;
  private final HttpSettings settings;
  private final RouteTable routes;
  private final Door door;
  private final Admission admission;

  FrontDoor(
      ActorSystem<?> system,
      HttpSettings settings,
      KeyRing keys,
      RouteTable routes,
      Admission admission) {
    this.system = system;
    this.settings = settings;
    this.routes = routes;
    this.door = new Door(settings, keys);
    this.admission = admission;
  }

  CompletionStage<HttpResponse> handle(HttpRequest request, Connection connection) {
    String id = Call.newId();
    connection.requestStarted();
    RouteTable.Found found = routes.find(request);
    Visit visit = new Visit(id, request, connection);
    CompletionStage<HttpResponse> response;
    try {
      response = enter(visit, found);
    } catch (RuntimeException e) {
      response = CompletableFuture.failedFuture(e);
    }
    return response
        .exceptionally(thrown -> failed(visit, found.dialect(), thrown))
        .thenApply(answer -> visit.leaveWith(decorated(answer, request, id)));
  }

  private CompletionStage<HttpResponse> enter(Visit visit, RouteTable.Found found) {
    boolean open = found.route() != null && found.route().kind() == Route.Kind.OPEN;
    return switch (door.judge(visit.request, open)) {
      case Door.Refused refused -> turnedAway(visit, found.dialect(), refused.refusal());
      case Door.Admitted admitted -> admitted(visit, found, admitted.key());
    };
  }

  private CompletionStage<HttpResponse> admitted(Visit visit, RouteTable.Found found, String key) {
    visit.key = key;
    Route route = found.route();
    if (route == null) {
      return turnedAway(visit, found.dialect(), found.refusal());
    }
    if (route.kind() == Route.Kind.ANSWER) {
      Refusals.Refusal full = admission.enter(key);
      if (full != null) {
        return turnedAway(visit, found.dialect(), full);
      }
      visit.placeTaken();
    }
    return body(visit.request)
        .thenComposeAsync(
            bytes -> {
              Call call =
                  new Call(
                      visit.id,
                      visit.request,
                      visit.connection,
                      found.dialect(),
                      found.values(),
                      Body.parse(bytes));
              visit.call = call;
              return route.handler().handle(call);
            },
            system.executionContext());
  }

  private CompletionStage<ByteBuffer> body(HttpRequest request) {
    long most = settings.limits().bodyBytes();
    if (request.entity() instanceof HttpEntity.Strict whole && whole.getData().size() <= most) {
      return CompletableFuture.completedFuture(whole.getData().toByteBuffer());
    }
    if (request.entity().getContentLengthOption().orElse(0) > most) {
      return CompletableFuture.failedFuture(new StreamLimitReachedException(most));
    }
    return request
        .entity()
        .withoutSizeLimit()
        .getDataBytes()
        .limitWeighted(most, bytes -> (long) bytes.size())
        .completionTimeout(settings.bodyTimeout())
        .runFold(ByteString.createBuilder(), (all, bytes) -> all.append(bytes), system)
        .thenApply(all -> all.result().toByteBuffer());
  }

  private CompletionStage<HttpResponse> turnedAway(
      Visit visit, Dialect dialect, Refusals.Refusal refusal) {
    // What is left unread would stall a connection that the client wants to use again.
    visit.request.entity().withSizeLimit(settings.limits().bodyBytes()).discardBytes(system);
    return CompletableFuture.completedFuture(Replies.error(dialect, refusal, visit.id));
  }

  private HttpResponse failed(Visit visit, Dialect dialect, Throwable thrown) {
    Throwable cause = Thrown.unwrapped(thrown);
    if (cause instanceof StreamLimitReachedException) {
      return closing(
          dialect,
          visit,
          Refusals.permanent(
              413,
              "The body is longer than " + settings.limits().bodyBytes() + " bytes.",
              "finch.http.limits.body sets the bound."));
    }
    if (cause instanceof TimeoutException) {
      Duration most = settings.bodyTimeout();
      return closing(
          dialect,
          visit,
          Refusals.permanent(
              408, "The body did not arrive within " + most.toSeconds() + " s.", "Send it again."));
    }
    Failure failure = Refusals.failureOf(thrown);
    if (failure.code() == FailureCode.INTERNAL) {
      LOG.error("{} failed inside", visit.id, thrown);
    }
    return Replies.error(dialect, Refusals.of(failure), visit.id);
  }

  private HttpResponse closing(Dialect dialect, Visit visit, Refusals.Refusal refusal) {
    return Replies.error(dialect, refusal, visit.id)
        .addHeader(Replies.header("Connection", "close"));
  }

  private HttpResponse decorated(HttpResponse response, HttpRequest request, String id) {
    HttpResponse named = response.addHeader(Replies.header("X-Request-Id", id));
    String origin = Door.header(request, "Origin");
    if (origin == null || !door.crossOrigin(origin)) {
      return named;
    }
    return named.addHeaders(
        List.of(
            Replies.header("Access-Control-Allow-Origin", Replies.ascii(origin)),
            Replies.header("Access-Control-Expose-Headers", "*"),
            Replies.header("Vary", "Origin")));
  }

  /** One request between its arrival and its last byte. */
  private final class Visit {
    private final String id;
    private final HttpRequest request;
    private final Connection connection;
    private final long startedNanos = System.nanoTime();
    private final AtomicBoolean left = new AtomicBoolean();
    private final Runnable leave = () -> leave(499);
    private volatile boolean place;
    private volatile String key = "-";
    private volatile @Nullable Call call;

    Visit(String id, HttpRequest request, Connection connection) {
      this.id = id;
      this.request = request;
      this.connection = connection;
    }

    void placeTaken() {
      place = true;
      connection.whenGone(leave);
    }

    /** Leaves at once, or with the last byte of a stream. */
    HttpResponse leaveWith(HttpResponse response) {
      int status = response.status().intValue();
      if (!response.entity().isChunked()) {
        leave(status);
        return response;
      }
      connection.whenGone(leave);
      return response.transformEntityDataBytes(
          Flow.of(ByteString.class)
              .watchTermination(
                  (_, done) -> done.whenComplete((_, cut) -> leave(cut == null ? status : 499))));
    }

    private void leave(int status) {
      if (!left.compareAndSet(false, true)) {
        return;
      }
      connection.forget(leave);
      if (place) {
        admission.leave(key);
      }
      connection.requestEnded();
      Call answered = call;
      ACCESS.info(
          "{} {} {} {} ms id={} key={}{}",
          request.method().name(),
          request.getUri().path(),
          status,
          (System.nanoTime() - startedNanos) / 1_000_000,
          id,
          key,
          answered == null ? "" : answered.notes());
    }
  }
}
