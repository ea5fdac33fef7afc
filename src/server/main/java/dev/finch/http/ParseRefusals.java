package dev.finch.http;

import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/** Answers what is no HTTP request, before any route or dialect is known. Made by Pekko HTTP. */
public final class ParseRefusals extends ParsingErrorHandler {

  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo info, LoggingAdapter log, ServerSettings settings) {
    String message = Replies.ascii(info.summary());
    log.debug("Refused with {}: {}", status.intValue(), message);
    return Replies.json(
            status.intValue(), Json.object().set("error", Json.object().put("message", message)))
        .addHeaders(Replies.GUARDS);
  }
}
