package dev.finch.remote;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a server lies. Whether that is this machine is decided once, by the address that its name
 * leads to, and connections then go to just that address.
 *
 * @param url as it was given
 * @param own the address on this machine, or null where the server lies elsewhere
 */
record ServerAddress(URI url, @Nullable InetAddress own) {

  /** Looks names up; replaced in tests. */
  @FunctionalInterface
  interface Resolver {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  /**
   * Resolves; blocks while a name is looked up.
   *
   * @param plainAllowed whether plain http is taken for other machines
   * @throws FinchException with {@code BAD_REQUEST} where the URL is none, {@code FORBIDDEN} where
   *     prompts and keys would go to another machine in clear
   */
  static ServerAddress of(URI url, boolean plainAllowed, Resolver resolver) {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    String host = url.getHost();
    if ((!scheme.equals("http") && !scheme.equals("https"))
        || host == null
        || url.getPort() == 0
        || url.getPort() > 0xFFFF
        || url.getUserInfo() != null) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.BAD_REQUEST,
              url + " is no address of a server.",
              "Give http:// or https:// and a host without a user name, with a port up to 65535"
                  + " where it is another than the usual one, for example"
                  + " http://127.0.0.1:11435."));
    }
    InetAddress own = own(host, resolver);
    if (own == null && scheme.equals("http") && !plainAllowed) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.FORBIDDEN,
              url + " is another machine, and plain http would show prompts and keys on the way.",
              "Use https, or set finch.cli.plain-http-allowed = on where the network between is"
                  + " trusted."));
    }
    return new ServerAddress(url, own);
  }

  /** Whether no byte to the server leaves this machine. */
  boolean onThisMachine() {
    return own != null;
  }

  boolean secure() {
    return "https".equalsIgnoreCase(url.getScheme());
  }

  int port() {
    return url.getPort() >= 0 ? url.getPort() : secure() ? 443 : 80;
  }

  // A name that cannot be resolved belongs to nobody here.
  private static @Nullable InetAddress own(String host, Resolver resolver) {
    InetAddress found = null;
    try {
      for (InetAddress address : resolver.addresses(host.replaceAll("^\\[|]$", ""))) {
        InetAddress meant = meant(address);
        // A server listens on the older family first.
        if (isOwn(meant) && (found == null || meant instanceof Inet4Address)) {
          found = found instanceof Inet4Address ? found : meant;
        }
      }
    } catch (UnknownHostException e) {
      return null;
    }
    return found;
  }

  /** Who connects to the address of no interface reaches this machine's loopback. */
  private static InetAddress meant(InetAddress address) throws UnknownHostException {
    if (!address.isAnyLocalAddress()) {
      return address;
    }
    byte[] loopback =
        address instanceof Inet6Address
            ? new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}
            : new byte[] {127, 0, 0, 1};
    return InetAddress.getByAddress(loopback);
  }

  // An address on the loopback interface beside the loopback ones is one that several machines
  // share, so it does not prove that a server with it is this one.
  private static boolean isOwn(InetAddress address) {
    if (address.isLoopbackAddress()) {
      return true;
    }
    try {
      NetworkInterface network = NetworkInterface.getByInetAddress(address);
      return network != null && !network.isLoopback();
    } catch (SocketException e) {
      return false;
    }
  }
}
