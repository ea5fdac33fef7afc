package dev.finch.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HubFailuresTest {

  @ParameterizedTest
  @CsvSource({
    "401, , false, HUB_NOT_FOUND, does not exist",
    "404, RepoNotFound, true, HUB_NOT_FOUND, was not found",
    "401, GatedRepo, false, HUB_GATED, is gated",
    "403, GatedRepo, true, HUB_GATED, not on its list",
    "401, , true, HUB_UNAUTHORIZED, does not accept your token",
    "404, RevisionNotFound, false, HUB_NOT_FOUND, no revision 'v9'",
    "404, EntryNotFound, false, HUB_NOT_FOUND, no file 'a.gguf'",
    "403, , false, HUB_UNAUTHORIZED, refuses",
    "429, , false, HUB_RATE_LIMITED, fewer requests",
    "418, , false, HUB_PROTOCOL, answered 418",
    "503, , false, HUB_UNREACHABLE, out of order",
    "408, , false, HUB_UNREACHABLE, out of order"
  })
  void saysWhatARefusalMeans(
      int status, @Nullable String code, boolean token, FailureCode expected, String words) {
    Failure failure = HubFailures.of(status, code, null, Duration.ofSeconds(3), question(token));

    assertEquals(expected, failure.code());
    assertTrue(failure.message().contains(words), failure.message());
    assertTrue(failure.hint().isPresent() && !failure.hint().orElse(null).isBlank());
    assertEquals(status == 429 || status >= 500 || status == 408, failure.retryable());
  }

  @Test
  void carriesTheWaitThatTheHostAskedFor() {
    Failure failure = HubFailures.of(429, null, null, Duration.ofSeconds(42), question(false));
    assertEquals(Duration.ofSeconds(42), failure.retryAfter().orElse(null));
  }

  @Test
  void namesHostProxyAndCauseOfABrokenConnection() {
    Address address = Address.parse("https://hub.example");
    Failure unknown = HubFailures.unreachable(address, null, new UnknownHostException("hub"));
    assertTrue(unknown.message().contains("https://hub.example: its name is not known"));

    Proxies.Proxy proxy = new Proxies.Proxy("proxy.example", 3128, "u", "secret");
    Failure refused = HubFailures.unreachable(address, proxy, new ConnectException("refused"));
    assertTrue(refused.message().contains("through the proxy proxy.example:3128"));
    assertTrue(!refused.describe().toLowerCase(Locale.ROOT).contains("secret"));
  }

  private static HubFailures.Question question(boolean token) {
    return new HubFailures.Question(
        Address.parse("https://huggingface.co/x"), "acme/tiny", "v9", "a.gguf", token);
  }
}
