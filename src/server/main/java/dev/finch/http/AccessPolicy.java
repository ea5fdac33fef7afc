package dev.finch.http;

import static java.util.Objects.requireNonNullElse;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import java.util.List;
import java.util.Locale;
import org.apache.pekko.http.javadsl.model.HttpProtocols;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in: decides by the {@code Host} header (DNS rebinding), the {@code Origin} header
 * (pages of other sites) and the API key. Pure but for the settings and the keys it holds.
 */
final class AccessPolicy {

  /** What was decided. */
  sealed interface Verdict {}

  /** Comes in under this key's name. */
  record Admitted(String key, Rights rights) implements Verdict {}

  /**
   * Stays out.
   *
   * @param wrongKey whether a key was presented that is none
   */
  record Refused(Refusals.Refusal refusal, boolean wrongKey) implements Verdict {}

  /**
   * What stands for a host where none was said, which HTTP/1.0 does not want (RFC 9112, section
   * 3.2). No browser leaves it out, so no page of another site comes in by this way.
   */
  static final String NO_HOST = "no-host.invalid";

  private final HttpSettings settings;
  private final KeyRing keys;

  AccessPolicy(HttpSettings settings, KeyRing keys) {
    this.settings = settings;
    this.keys = keys;
  }

  /**
   * @param open whether the route needs no key, because it tells nothing that is not public
   */
  Verdict judge(HttpRequest request, boolean open) {
    String host = request.getUri().getHost().address();
    boolean unnamed = host.equals(NO_HOST);
    if (unnamed && !request.protocol().equals(HttpProtocols.HTTP_1_0)) {
      return refused(400, "The request has no Host header.", "HTTP/1.1 wants one.");
    }
    if (!unnamed && !hostAllowed(host)) {
      return refused(
          403,
          "The Host name '" + host + "' is not served here.",
          "Use 127.0.0.1 or localhost, or add the name to finch.http.allowed-hosts.");
    }
    String origin = header(request, "Origin");
    if (origin != null && !originAllowed(origin, header(request, "Host"))) {
      return refused(
          403,
          "The origin '" + origin + "' may not call Finch.",
          "Add it to finch.http.allowed-origins.");
    }
    if (origin == null && crossSite(request)) {
      return refused(
          403,
          "Pages of other sites may not use what Finch answers.",
          "Add the site to finch.http.allowed-origins and let its page ask with CORS.");
    }
    if (!keys.needed()) {
      return new Admitted("-", new Rights(isOwn(request, origin), settings.keylessFiles()));
    }
    return open ? new Admitted("-", Rights.ORDINARY) : keyVerdict(presented(request));
  }

  /**
   * Whether a page of another site asks for this as a part of itself, by which it would learn that
   * Finch runs. Browsers say so (W3C Fetch Metadata). A link that a person follows is theirs.
   */
  private boolean crossSite(HttpRequest request) {
    boolean crossSite = "cross-site".equalsIgnoreCase(header(request, "Sec-Fetch-Site"));
    boolean followed =
        "navigate".equalsIgnoreCase(header(request, "Sec-Fetch-Mode"))
            && "document".equalsIgnoreCase(header(request, "Sec-Fetch-Dest"));
    return crossSite && !followed && !settings.allowedOrigins().contains("*");
  }

  /** Whether no page asks, or Finch's own. */
  private boolean isOwn(HttpRequest request, @Nullable String origin) {
    if (origin != null) {
      return isSame(origin, header(request, "Host"));
    }
    String site = header(request, "Sec-Fetch-Site");
    return site == null || site.equalsIgnoreCase("same-origin") || site.equalsIgnoreCase("none");
  }

  private Verdict keyVerdict(@Nullable String presented) {
    if (presented == null) {
      return unauthorized("No API key was sent.", false);
    }
    ApiKey key = keys.find(ApiKey.digestOf(presented));
    return key == null
        ? unauthorized("The API key is not known here.", true)
        : new Admitted(key.name(), key.admin() ? Rights.ADMIN : Rights.ORDINARY);
  }

  /** A key proves more than a name does, so without a list any name is served to key holders. */
  private boolean hostAllowed(String host) {
    List<String> allowed = settings.allowedHosts();
    if (allowed.contains("*") || (allowed.isEmpty() && keys.needed())) {
      return true;
    }
    String name = host.toLowerCase(Locale.ROOT);
    return Loopback.isName(name) || name.equals(settings.host()) || allowed.contains(name);
  }

  private boolean originAllowed(String origin, @Nullable String host) {
    if (settings.allowedOrigins().contains("*") || settings.allowedOrigins().contains(origin)) {
      return true;
    }
    return isSame(origin, host);
  }

  private boolean isSame(String origin, @Nullable String host) {
    String scheme = settings.tls() == null ? "http://" : "https://";
    return host != null && origin.equalsIgnoreCase(scheme + host);
  }

  /** Whether a browser's page of this origin gets CORS headers. */
  boolean crossOrigin(@Nullable String origin) {
    return origin != null
        && (settings.allowedOrigins().contains("*") || settings.allowedOrigins().contains(origin));
  }

  private static @Nullable String presented(HttpRequest request) {
    String authorization = requireNonNullElse(header(request, "Authorization"), "");
    if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return authorization.substring(7).strip();
    }
    return header(request, "x-api-key");
  }

  static @Nullable String header(HttpRequest request, String name) {
    return request.getHeader(name).map(header -> header.value()).orElse(null);
  }

  private static Verdict refused(int status, String message, String hint) {
    return new Refused(Refusals.permanent(status, message, hint), false);
  }

  private static Verdict unauthorized(String message, boolean wrongKey) {
    return new Refused(
        new Refusals.Refusal(
            401,
            Failure.permanent(
                FailureCode.BAD_REQUEST,
                message,
                "Send `Authorization: Bearer …` or `x-api-key: …`.")),
        wrongKey);
  }
}
