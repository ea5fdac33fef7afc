package dev.finch.http;

import org.apache.pekko.event.LoggingAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what Pekko HTTP says about single connections down to DEBUG: bad requests, lost clients and
 * cut answers are everyday, and the access log tells them in one line each.
 */
final class QuietLog implements LoggingAdapter {

  private static final Logger LOG = LoggerFactory.getLogger("dev.finch.http.connections");

  @Override
  public boolean isErrorEnabled() {
    return LOG.isDebugEnabled();
  }

  @Override
  public boolean isWarningEnabled() {
    return LOG.isDebugEnabled();
  }

  @Override
  public boolean isInfoEnabled() {
    return LOG.isDebugEnabled();
  }

  @Override
  public boolean isDebugEnabled() {
    return false;
  }

  @Override
  public void notifyError(String message) {
    LOG.debug(message);
  }

  @Override
  public void notifyError(Throwable cause, String message) {
    LOG.debug("{}: {}", message, cause.toString());
  }

  @Override
  public void notifyWarning(String message) {
    LOG.debug(message);
  }

  @Override
  public void notifyInfo(String message) {
    LOG.debug(message);
  }

  @Override
  public void notifyDebug(String message) {}
}
