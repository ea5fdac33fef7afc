package dev.finch.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProxiesTest {

  @Test
  void choosesTheProxyOfTheSchemeElseTheOneForAll() {
    Proxies proxies =
        Proxies.of(Map.of("https_proxy", "http://p:8080", "ALL_PROXY", "http://all:1080"));
    assertEquals("p:8080", String.valueOf(to(proxies, "https://hub.example")));
    assertEquals("all:1080", String.valueOf(to(proxies, "http://hub.example")));
  }

  @Test
  void goesPastTheProxyForNamesDomainsPortsAndStars() {
    Proxies proxies =
        Proxies.of(
            Map.of(
                "HTTPS_PROXY", "p:1",
                "NO_PROXY", "localhost, .corp.example example.org:8443,10.0.0.1"));
    for (String direct :
        new String[] {
          "https://localhost",
          "https://a.corp.example",
          "https://example.org:8443",
          "https://sub.example.org:8443",
          "https://10.0.0.1"
        }) {
      assertEquals("null", String.valueOf(to(proxies, direct)), direct);
    }
    for (String through : new String[] {"https://example.org", "https://notcorp.example"}) {
      assertEquals("p:1", String.valueOf(to(proxies, through)), through);
    }
    Proxies none = Proxies.of(Map.of("HTTPS_PROXY", "p:1", "no_proxy", "*"));
    assertEquals("null", String.valueOf(to(none, "https://any.example")));
  }

  @Test
  void readsALoginAndDoesNotPrintIt() {
    Proxies proxies = Proxies.of(Map.of("HTTPS_PROXY", "http://ada:p%40ss%3A@proxy:3128/"));
    Proxies.Proxy proxy = to(proxies, "https://hub.example");
    assertNotNull(proxy);
    assertEquals("ada", proxy.user());
    assertEquals("p@ss:", proxy.password());
    assertEquals("proxy:3128", proxy.toString());
  }

  @Test
  void saysWhichVariableHoldsNoAddress() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Proxies.of(Map.of("HTTPS_PROXY", "socks5://secret@x:1")));
    assertTrue(String.valueOf(refused.getMessage()).startsWith("HTTPS_PROXY"));
  }

  private static Proxies.@org.jspecify.annotations.Nullable Proxy to(
      Proxies proxies, String address) {
    return proxies.to(Address.parse(address));
  }
}
