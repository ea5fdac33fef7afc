package dev.finch.download;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The Hub's refusals in words that a person can act on. */
final class HubFailures {

  /**
   * What was asked for.
   *
   * @param address where
   * @param repository {@code organisation/name}
   * @param revision null where not part of the question
   * @param file null where not part of the question
   * @param authenticated whether a token went with the question
   */
  record Question(
      Address address,
      String repository,
      @Nullable String revision,
      @Nullable String file,
      boolean authenticated) {}

  private HubFailures() {}

  /** The failure that an answer of this status means. */
  static Failure of(
      int status, @Nullable String code, @Nullable String message, Duration wait, Question asked) {
    String kind = code == null ? "" : code;
    String page = asked.address().origin() + "/" + asked.repository();
    return switch (status) {
      case 401 -> unauthorized(kind, page, asked);
      case 403 -> forbidden(kind, message, page, asked);
      case 404 -> notFound(kind, asked);
      case 429 ->
          Failure.passing(
                  FailureCode.HUB_RATE_LIMITED,
                  asked.address().host() + " asks for fewer requests (429).",
                  asked.authenticated()
                      ? "It is asked again after the wait that it named."
                      : "A token in HF_TOKEN raises the limit; it is asked again after the wait.")
              .retryAfter(wait);
      default ->
          status >= 500 || status == 408
              ? passing(status, wait, asked)
              : Failure.permanent(
                  FailureCode.HUB_PROTOCOL,
                  asked.address().origin() + " answered " + status + tail(message) + ".",
                  "Check HF_ENDPOINT (now " + asked.address().origin() + ").");
    };
  }

  private static Failure unauthorized(String kind, String page, Question asked) {
    if (kind.equals("GatedRepo")) {
      return Failure.permanent(
          FailureCode.HUB_GATED,
          asked.repository() + " is gated: its owner gives access to known users only.",
          "Accept its terms at " + page + " and put a token in HF_TOKEN.");
    }
    if (asked.authenticated()) {
      return Failure.permanent(
          FailureCode.HUB_UNAUTHORIZED,
          "The Hub does not accept your token; it refuses even public models with a bad one.",
          "Renew HF_TOKEN (or the token file), or unset it for public models.");
    }
    return Failure.permanent(
        FailureCode.HUB_NOT_FOUND,
        asked.repository() + " does not exist, or is private.",
        "Check the name; for a private repository put a token in HF_TOKEN.");
  }

  private static Failure forbidden(
      String kind, @Nullable String message, String page, Question asked) {
    if (kind.equals("GatedRepo")) {
      return Failure.permanent(
          FailureCode.HUB_GATED,
          asked.repository() + " is gated and your account is not on its list.",
          "Ask for access at " + page + ".");
    }
    return Failure.permanent(
        FailureCode.HUB_UNAUTHORIZED,
        "The Hub refuses " + asked.repository() + tail(message) + ".",
        "See " + page + "; a token may lack the right to read it.");
  }

  private static Failure notFound(String kind, Question asked) {
    String what =
        switch (kind) {
          case "RevisionNotFound" ->
              asked.repository() + " has no revision '" + asked.revision() + "'.";
          case "EntryNotFound" ->
              asked.repository() + " has no file '" + asked.file() + "' at this revision.";
          default -> asked.repository() + " was not found at " + asked.address().origin() + ".";
        };
    String hint =
        switch (kind) {
          case "RevisionNotFound" ->
              "Name a branch, a tag or a commit after '@', or none for main.";
          case "EntryNotFound" -> "Name one of its files or a quantization after ':'.";
          default -> "Check the name; a private repository also needs a token with access to it.";
        };
    return Failure.permanent(FailureCode.HUB_NOT_FOUND, what, hint);
  }

  private static Failure passing(int status, Duration wait, Question asked) {
    Failure failure =
        Failure.passing(
            FailureCode.HUB_UNREACHABLE,
            asked.address().origin() + " is out of order (" + status + ").",
            "It is usually back within minutes.");
    return wait.isZero() ? failure : failure.retryAfter(wait);
  }

  /** The failure of a connection that could not be made or did not hold. */
  static Failure unreachable(Address address, Proxies.@Nullable Proxy proxy, Throwable cause) {
    Throwable root = root(cause);
    String why =
        switch (root) {
          case UnknownHostException _ -> "its name is not known";
          case ConnectException e -> said(e, "the connection was refused");
          case TimeoutException _ -> "no answer in time";
          case SSLException e -> "TLS: " + said(e, "handshake failed");
          case GeneralSecurityException e -> "TLS: " + said(e, "untrusted certificate");
          default -> said(root, root.getClass().getSimpleName());
        };
    return Failure.passing(
        FailureCode.HUB_UNREACHABLE,
        "Cannot reach "
            + address.origin()
            + (proxy == null ? "" : " through the proxy " + proxy)
            + ": "
            + why
            + ".",
        hint(proxy, root));
  }

  private static String hint(Proxies.@Nullable Proxy proxy, Throwable root) {
    if (root instanceof SSLException || root instanceof GeneralSecurityException) {
      return "If a proxy of your company signs anew what passes, name its certificate in"
          + " SSL_CERT_FILE or finch.download.ca-file.";
    }
    return proxy == null
        ? "Check the network, HF_ENDPOINT and, behind a firewall, HTTPS_PROXY."
        : "Check HTTPS_PROXY and NO_PROXY.";
  }

  private static String said(Throwable cause, String otherwise) {
    String message = cause.getMessage();
    return message == null || message.isBlank() ? otherwise : message.replaceFirst("\\.$", "");
  }

  private static String tail(@Nullable String message) {
    return message == null || message.isBlank()
        ? ""
        : ": " + message.strip().replaceFirst("\\.$", "");
  }

  private static Throwable root(Throwable cause) {
    Throwable root = cause;
    for (Throwable next = cause; next != null; next = next.getCause()) {
      root = next;
    }
    return root;
  }
}
