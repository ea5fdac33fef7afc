package dev.finch.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerAddressTest {

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:11435, 127.0.0.1",
    "http://127.9.8.7:11435, 127.9.8.7",
    "http://localhost:11435, 127.0.0.1",
    "http://LOCALHOST, 127.0.0.1",
    "http://[::1]:11435, 0:0:0:0:0:0:0:1",
    "http://[::ffff:127.0.0.1]:11435, 127.0.0.1",
    "http://0.0.0.0:11435, 127.0.0.1",
    "http://[::]:11435, 0:0:0:0:0:0:0:1",
    "https://127.0.0.1, 127.0.0.1"
  })
  void isThisMachineByItsAddress(String url, String address) {
    ServerAddress server = real(url, false);
    assertTrue(server.onThisMachine());
    assertEquals(address, server.own() == null ? "" : server.own().getHostAddress());
  }

  @Test
  void isThisMachineByAnAddressOfItsOwnInterfaces() throws Exception {
    for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
      for (InetAddress address : network.inetAddresses().toList()) {
        String host = address.getHostAddress().replaceAll("%.*", "");
        String url = "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":1";
        boolean own = address.isLoopbackAddress() || !network.isLoopback();
        if (!address.isLinkLocalAddress()) {
          assertEquals(own, real(url, true).onThisMachine(), url);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://192.0.2.7:11435",
        "http://[2001:db8::7]:11435",
        "http://8.8.8.8",
        "http://[::ffff:192.0.2.7]:1",
        "http://3221225991:1"
      })
  void refusesPlainHttpToAnotherMachineBeforeAnythingIsSent(String url) {
    FinchException refused = assertThrows(FinchException.class, () -> real(url, false));
    assertEquals(FailureCode.FORBIDDEN, refused.failure().code());
    assertTrue(
        String.valueOf(refused.failure().hint().orElse(null))
            .contains("finch.cli.plain-http-allowed"),
        url);
    assertEquals(null, real(url, true).own());
  }

  @Test
  void aNameIsWhereItsAddressIs() throws Exception {
    InetAddress elsewhere = InetAddress.getByName("192.0.2.7");
    InetAddress here = InetAddress.getByName("127.0.0.1");
    assertEquals(null, named("http://localhost:1", true, elsewhere).own());
    assertEquals(null, named("http://127.0.0.1.example:1", true, elsewhere).own());
    assertEquals(here, named("http://finch.example:1", false, here).own());
    // Of several addresses the one on this machine is used, and no other.
    assertEquals(here, named("http://finch.example:1", false, elsewhere, here).own());
    assertEquals(
        here, named("http://localhost:1", false, InetAddress.getByName("::1"), here).own());
    assertThrows(FinchException.class, () -> named("http://localhost:1", false, elsewhere));
  }

  @Test
  void aNameThatLeadsNowhereIsNotThisMachine() {
    assertThrows(
        FinchException.class,
        () ->
            ServerAddress.of(
                URI.create("http://nowhere.example"),
                false,
                host -> {
                  throw new UnknownHostException(host);
                }));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://127.0.0.1",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:0",
        "http://me:secret@127.0.0.1:1",
        "http://127.0.0.1@192.0.2.7",
        "/x",
        "a:b"
      })
  void refusesWhatIsNoAddressOfAServer(String url) {
    FinchException refused = assertThrows(FinchException.class, () -> real(url, true));
    assertEquals(FailureCode.BAD_REQUEST, refused.failure().code());
  }

  private static ServerAddress real(String url, boolean plainAllowed) {
    return ServerAddress.of(URI.create(url), plainAllowed, InetAddress::getAllByName);
  }

  private static ServerAddress named(String url, boolean plainAllowed, InetAddress... addresses) {
    List<InetAddress> found = new ArrayList<>(List.of(addresses));
    return ServerAddress.of(URI.create(url), plainAllowed, _ -> found.toArray(InetAddress[]::new));
  }
}
