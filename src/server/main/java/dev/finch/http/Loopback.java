package dev.finch.http;

/** Names and addresses that only this machine can reach. */
final class Loopback {

  private Loopback() {}

  static boolean isName(String host) {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.matches("127(\\.[0-9]{1,3}){3}")
        || host.equals("::1")
        || host.equals("[::1]")
        || host.equals("0:0:0:0:0:0:0:1");
  }
}
