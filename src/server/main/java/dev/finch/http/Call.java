package dev.finch.http;

import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Provenance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * One admitted request on its way to an answer, with what the log line will say of it. Thread-safe.
 */
final class Call {

  private final String id;
  private final long startedNanos = System.nanoTime();
  private final HttpRequest request;
  private final ClientConnection connection;
  private final String caller;
  private final Rights rights;
  private final Dialect dialect;
  private final List<String> pathValues;
  private final Body body;

  private volatile @Nullable Provenance provenance;
  private volatile AnswerEvent.@Nullable Terminal end;

  Call(
      String id,
      HttpRequest request,
      ClientConnection connection,
      String caller,
      Rights rights,
      Dialect dialect,
      List<String> pathValues,
      Body body) {
    this.id = id;
    this.request = request;
    this.connection = connection;
    this.caller = caller;
    this.rights = rights;
    this.dialect = dialect;
    this.pathValues = pathValues;
    this.body = body;
  }

  static String newId() {
    return "req_" + UUID.randomUUID().toString().replace("-", "");
  }

  /** Names the request in headers, logs, metrics and the ledger. */
  String id() {
    return id;
  }

  Dialect dialect() {
    return dialect;
  }

  ClientConnection connection() {
    return connection;
  }

  /** The name of the key under which it came; {@code -} where none is needed. */
  String caller() {
    return caller;
  }

  Rights rights() {
    return rights;
  }

  Body body() {
    return body;
  }

  /** The value of the pattern's only name. */
  String pathValue() {
    return pathValues.getFirst();
  }

  @Nullable String header(String name) {
    return AccessPolicy.header(request, name);
  }

  /** All values of a header, in their order. */
  List<String> headers(String name) {
    List<String> values = new ArrayList<>();
    for (HttpHeader header : request.getHeaders()) {
      if (header.is(name.toLowerCase(Locale.ROOT))) {
        values.add(header.value());
      }
    }
    return values;
  }

  /** The first value of a parameter of the address; null where it is absent. */
  @Nullable String query(String name) {
    return request.getUri().query().get(name).orElse(null);
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  /** Keeps what the log line tells. */
  void note(AnswerEvent event) {
    if (event instanceof AnswerEvent.Started started) {
      provenance = started.provenance();
    } else if (event instanceof AnswerEvent.Terminal terminal) {
      end = terminal;
    }
  }

  /** Who answered, how it ended and what it took, or an empty text; never content. */
  String notes() {
    StringBuilder notes = new StringBuilder();
    Provenance who = provenance;
    if (who != null) {
      notes.append(" by=").append(Replies.servedBy(who)).append(" model=").append(who.model());
      notes.append(" reason=").append(who.reason());
    }
    switch (end) {
      case AnswerEvent.Finished finished ->
          notes
              .append(" finish=")
              .append(finished.reason())
              .append(" tokens=")
              .append(finished.usage().promptTokens())
              .append('/')
              .append(finished.usage().completionTokens());
      case AnswerEvent.Failed failed -> notes.append(" failed=").append(failed.failure().code());
      case null -> {}
    }
    return notes.toString();
  }
}
