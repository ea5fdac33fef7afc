package dev.finch.http;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.Thrown;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.EntityStreamException;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.stream.StreamLimitReachedException;
import org.apache.pekko.stream.StreamTcpException;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of every request: find its route, judge it at the door, read its body, take a place, let
 * the dialect answer, log one line, give the place back when the last byte is out or the client is
 * gone. What overflows the stack on that way is this request's failure; what takes the last memory
 * ends the process, as everywhere.
 */
final class RequestPipeline {

  private static final Logger ACCESS = LoggerFactory.getLogger("dev.finch.http.access");
  private static final Logger LOG = LoggerFactory.getLogger(RequestPipeline.class);

  private static final Refusals.Refusal GUESSING =
      new Refusals.Refusal(
          429,
          Failure.permanent(
              FailureCode.BAD_REQUEST,
              "Too many wrong API keys came from this address.",
              "Send the right key; it is never held up."));

  private final ActorSystem<?> system;
  private final HttpSettings settings;
  private final RouteTable routes;
  private final AccessPolicy accessPolicy;
  private final Admission admission;
  private final BodyQuota bodyQuota;
  private final WrongKeys wrongKeys = new WrongKeys();

  RequestPipeline(
      ActorSystem<?> system,
      HttpSettings settings,
      KeyRing keys,
      RouteTable routes,
      Admission admission) {
    this.system = system;
    this.settings = settings;
    this.routes = routes;
    this.accessPolicy = new AccessPolicy(settings, keys);
    this.admission = admission;
    this.bodyQuota = new BodyQuota(settings.limits());
  }

  BodyQuota bodyQuota() {
    return bodyQuota;
  }

  CompletionStage<HttpResponse> handle(HttpRequest request, ClientConnection connection) {
    String id = Call.newId();
    connection.requestStarted();
    RouteTable.Found found = routes.find(request);
    Visit visit = new Visit(id, request, connection);
    CompletionStage<HttpResponse> response;
    try {
      response = enter(visit, found);
    } catch (RuntimeException | StackOverflowError e) {
      response = CompletableFuture.failedFuture(e);
    }
    return response
        .exceptionally(thrown -> failed(visit, found.dialect(), thrown))
        .thenApply(answer -> visit.leaveWith(decorated(answer, request, id)));
  }

  private CompletionStage<HttpResponse> enter(Visit visit, RouteTable.Found found) {
    boolean preflight = Preflight.is(visit.request);
    boolean open = preflight || (found.route() != null && found.route().kind() == Route.Kind.OPEN);
    return switch (accessPolicy.judge(visit.request, open)) {
      case AccessPolicy.Refused refused when refused.wrongKey() ->
          braked(visit, found.dialect(), refused.refusal());
      case AccessPolicy.Refused refused -> turnedAway(visit, found.dialect(), refused.refusal());
      case AccessPolicy.Admitted _ when preflight -> preflight(visit.request);
      case AccessPolicy.Admitted admitted -> admitted(visit, found, admitted);
    };
  }

  private CompletionStage<HttpResponse> preflight(HttpRequest request) {
    request.entity().withSizeLimit(settings.limits().bodyBytes()).discardBytes(system);
    boolean cross = accessPolicy.crossOrigin(AccessPolicy.header(request, "Origin"));
    return CompletableFuture.completedFuture(Preflight.answer(request, cross));
  }

  private CompletionStage<HttpResponse> admitted(
      Visit visit, RouteTable.Found found, AccessPolicy.Admitted caller) {
    visit.key = caller.key();
    Route route = found.route();
    if (route == null) {
      return turnedAway(visit, found.dialect(), found.refusal());
    }
    if (route.kind() == Route.Kind.ADMIN && !caller.rights().admin()) {
      return turnedAway(visit, found.dialect(), Refusals.of(ModelPermission.adminNeeded()));
    }
    ContentCoding coding = ContentCoding.of(AccessPolicy.header(visit.request, "Content-Encoding"));
    return IncomingBody.of(visit.request.entity(), bodyQuota, visit, settings, system)
        .thenComposeAsync(
            arrived -> {
              ByteBuffer bytes = visit.decoded(coding, arrived);
              Refusals.Refusal full =
                  route.kind() == Route.Kind.ANSWER ? admission.enter(caller.key()) : null;
              if (full != null) {
                return CompletableFuture.completedFuture(
                    Replies.error(found.dialect(), full, visit.id));
              }
              if (route.kind() == Route.Kind.ANSWER) {
                visit.placeTaken();
              }
              Call call =
                  new Call(
                      visit.id,
                      visit.request,
                      visit.connection,
                      caller.key(),
                      caller.rights(),
                      found.dialect(),
                      found.values(),
                      Body.parse(bytes));
              visit.call = call;
              return route.handler().handle(call);
            },
            system.executionContext());
  }

  /** Refuses a wrong key, later the more wrong ones came from there. */
  private CompletionStage<HttpResponse> braked(
      Visit visit, Dialect dialect, Refusals.Refusal refusal) {
    InetAddress address = visit.connection.address();
    WrongKeys.Answer answer = wrongKeys.wrong(address, System.nanoTime());
    if (answer == WrongKeys.Answer.AT_ONCE) {
      return turnedAway(visit, dialect, refusal);
    }
    HttpResponse tooMany = closing(dialect, visit, GUESSING);
    visit.request.discardEntityBytes(system);
    return answer == WrongKeys.Answer.HANG_UP
        ? CompletableFuture.completedFuture(tooMany)
        : Patterns.after(
            WrongKeys.WAIT,
            system,
            () -> {
              wrongKeys.waited(address);
              return CompletableFuture.completedFuture(tooMany);
            });
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
    if (cause instanceof EntityStreamException broken) {
      return closing(
          dialect,
          visit,
          Refusals.permanent(
              400,
              "The body cannot be read: " + Replies.ascii(broken.info().summary()) + ".",
              null));
    }
    if (cause instanceof ContentCoding.Unknown) {
      return Replies.error(
              dialect,
              Refusals.permanent(
                  415, "The body comes in a coding that Finch cannot read.", "Send it plain."),
              visit.id)
          .addHeader(Replies.header("Accept-Encoding", "gzip, deflate"));
    }
    if (cause instanceof StreamTcpException) {
      return closing(
          dialect,
          visit,
          Refusals.permanent(400, "The connection was lost while the body was coming.", null));
    }
    if (cause instanceof BodyQuota.GivenUp) {
      return closing(
          dialect,
          visit,
          Refusals.permanent(
              408, "The body was still coming when others needed the room.", "Send it again."));
    }
    if (cause instanceof VirtualMachineError fatal && !(fatal instanceof StackOverflowError)) {
      end(fatal);
    }
    Failure failure = Refusals.failureOf(thrown);
    if (failure.code() == FailureCode.INTERNAL) {
      LOG.error("{} failed inside", visit.id, thrown);
    }
    return Replies.error(dialect, Refusals.of(failure), visit.id);
  }

  /** Futures keep what a thread would die of; thrown on the dispatcher it ends the process. */
  private void end(VirtualMachineError fatal) {
    system
        .executionContext()
        .execute(
            () -> {
              throw fatal;
            });
  }

  private HttpResponse closing(Dialect dialect, Visit visit, Refusals.Refusal refusal) {
    return Replies.error(dialect, refusal, visit.id)
        .addHeader(Replies.header("Connection", "close"));
  }

  private HttpResponse decorated(HttpResponse response, HttpRequest request, String id) {
    HttpResponse named =
        response.addHeader(Replies.header("X-Request-Id", id)).addHeaders(Replies.GUARDS);
    String origin = AccessPolicy.header(request, "Origin");
    if (origin == null || !accessPolicy.crossOrigin(origin)) {
      return named;
    }
    return named.addHeaders(
        List.of(
            Replies.header("Access-Control-Allow-Origin", Replies.ascii(origin)),
            Replies.header("Access-Control-Expose-Headers", "*"),
            Replies.header("Vary", "Origin")));
  }

  /** One request between its arrival and its last byte. */
  private final class Visit implements IncomingBody.Visit {
    private final String id;
    private final HttpRequest request;
    private final ClientConnection connection;
    private final long startedNanos = System.nanoTime();
    private final AtomicBoolean left = new AtomicBoolean();
    private final AtomicBoolean placeLeft = new AtomicBoolean();
    private final Runnable leave = () -> leave(499);
    private volatile boolean place;
    private volatile BodyQuota.@Nullable Share share;
    private volatile String key = "-";
    private volatile @Nullable Call call;

    Visit(String id, HttpRequest request, ClientConnection connection) {
      this.id = id;
      this.request = request;
      this.connection = connection;
    }

    @Override
    public void holds(BodyQuota.Share taken) {
      share = taken;
      connection.whenGone(leave);
    }

    /** The body as it was before it was packed, within the same bounds. */
    ByteBuffer decoded(ContentCoding coding, ByteBuffer bytes) {
      BodyQuota.Share taken = share;
      return taken == null || coding == ContentCoding.NONE
          ? bytes
          : coding.decode(bytes, settings.limits().bodyBytes(), taken);
    }

    void placeTaken() {
      place = true;
      if (left.get() && placeLeft.compareAndSet(false, true)) {
        admission.leave(key);
      }
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
      if (place && placeLeft.compareAndSet(false, true)) {
        admission.leave(key);
      }
      BodyQuota.Share taken = share;
      if (taken != null) {
        taken.release();
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
