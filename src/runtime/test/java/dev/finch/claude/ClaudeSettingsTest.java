package dev.finch.claude;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClaudeSettingsTest {

  private static final String KEY = "sk-ant-very-secret";

  private static String invalid(Map<String, String> env, String... overrides) {
    FinchException thrown =
        assertThrows(FinchException.class, () -> CloudSettings.of(env, overrides));
    assertEquals(FailureCode.SETTINGS_INVALID, thrown.failure().code());
    return thrown.failure().message();
  }

  @Test
  void takesTheEnvironmentWhereTheConfigurationSaysNothing() {
    ClaudeSettings settings =
        CloudSettings.of(
            Map.of(
                "ANTHROPIC_API_KEY", " " + KEY + "\n", "ANTHROPIC_BASE_URL", "https://gw/x/v1/"));
    assertTrue(settings.configured());
    assertEquals(Secret.of(KEY), settings.apiKey());
    assertEquals("https://gw/x", settings.endpoint().toString());
    assertEquals("/x/v1/messages", settings.endpoint().path("/v1/messages"));

    ClaudeSettings own =
        CloudSettings.of(
            Map.of("ANTHROPIC_API_KEY", "other", "ANTHROPIC_BASE_URL", "https://gw"),
            "api-key = " + KEY,
            "endpoint = \"https://mine:8443\"");
    assertEquals(Secret.of(KEY), own.apiKey());
    assertEquals("https://mine:8443", own.endpoint().toString());
  }

  @Test
  void isNotConfiguredWithoutAKeyOrWhenSwitchedOff() {
    Failure keyless = CloudSettings.of(Map.of("ANTHROPIC_API_KEY", "")).unavailable();
    assertNotNull(keyless);
    assertEquals(FailureCode.NO_API_KEY, keyless.code());
    ClaudeSettings off = CloudSettings.of(Map.of("ANTHROPIC_API_KEY", KEY), "enabled = off");
    assertFalse(off.configured());
    assertTrue(CloudSettings.of(Map.of("ANTHROPIC_AUTH_TOKEN", KEY)).configured());
  }

  @Test
  void neverShowsAKey() {
    ClaudeSettings settings =
        CloudSettings.of(
            Map.of(
                "ANTHROPIC_API_KEY", KEY,
                "ANTHROPIC_AUTH_TOKEN", "very-secret-token",
                "HTTPS_PROXY", "http://me:very-secret-password@proxy:3128"));
    assertFalse(settings.toString().contains("very-secret"), settings.toString());
    assertEquals("a *** b", settings.scrub("a " + KEY + " b"));
    assertFalse(invalid(Map.of("ANTHROPIC_API_KEY", "very-secret\nx")).contains("very-secret"));
    assertFalse(invalid(Map.of(), "api-key = \"very-secret ü\"").contains("very-secret"));
    assertFalse(invalid(Map.of("HTTPS_PROXY", "socks5://u:very-secret@h")).contains("very-secret"));
    assertFalse(
        invalid(Map.of(), "endpoint = \"https://u:very-secret@h\"").contains("very-secret"));
    assertFalse(
        invalid(Map.of("ANTHROPIC_BASE_URL", "https://u:very-secret@h")).contains("very-secret"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.anthropic.com,      https://api.anthropic.com,     /v1/m",
    "https://api.anthropic.com/v1,   https://api.anthropic.com,     /v1/m",
    "HTTPS://API.Anthropic.com:443/, https://api.anthropic.com,     /v1/m",
    "http://127.0.0.1:8080/v1/,      http://127.0.0.1:8080,         /v1/m",
    "http://localhost,               http://localhost,              /v1/m",
    "http://[::1]:99/gw,             http://[::1]:99/gw,            /gw/v1/m",
  })
  void readsBaseUrlsWithAndWithoutTheirVersion(String url, String shown, String path) {
    Endpoint endpoint = Endpoint.parse(url, false);
    assertEquals(shown, endpoint.toString());
    assertEquals(path, endpoint.path("/v1/m"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com",
        "http://127.0.0.1.example.com",
        "ftp://example.com",
        "api.anthropic.com",
        "https://",
        "https://u:p@example.com",
        "https://example.com?x=1",
        "https://exa mple.com"
      })
  void refusesEndpointsThatAreUnsafeOrUnreadable(String url) {
    assertThrows(IllegalArgumentException.class, () -> Endpoint.parse(url, false));
    assertTrue(invalid(Map.of(), "endpoint = \"" + url + "\"").contains("finch.cloud.endpoint"));
  }

  @Test
  void sendsPlainHttpElsewhereOnlyWhereAllowed() {
    assertEquals("http://gateway:80", Endpoint.parse("http://gateway", true).toString() + ":80");
    assertEquals(
        "http://gateway",
        CloudSettings.of(Map.of("ANTHROPIC_BASE_URL", "http://gateway"), "plain-http-allowed = on")
            .endpoint()
            .toString());
  }

  @Test
  void followsTheProxyOfTheEnvironmentForTlsToOtherMachines() {
    Map<String, String> env =
        Map.of(
            "https_proxy", "http://me:p%40ss@proxy:3128", "NO_PROXY", "localhost, .corp.example");
    assertEquals(
        new HttpProxy("proxy", 3128, "me", Secret.of("p@ss")),
        HttpProxy.of(Endpoint.parse("https://api.anthropic.com", false), env));
    for (String direct :
        new String[] {"https://gw.corp.example", "https://127.0.0.1", "http://localhost"}) {
      assertNull(HttpProxy.of(Endpoint.parse(direct, false), env), direct);
    }
    assertNull(HttpProxy.of(Endpoint.parse("https://api.anthropic.com", false), Map.of()));
  }

  @Test
  void namesTheKeyOfAValueOutOfRange() {
    assertTrue(invalid(Map.of(), "version = \"2024-01-01\"").contains("finch.cloud.version"));
    assertTrue(invalid(Map.of(), "limits.line = 4 KiB").contains("finch.cloud.limits.line"));
    assertTrue(invalid(Map.of(), "retries.most = -1").contains("finch.cloud.retries.most"));
    assertTrue(invalid(Map.of(), "max-tokens = 0").contains("finch.cloud.max-tokens"));
  }
}
