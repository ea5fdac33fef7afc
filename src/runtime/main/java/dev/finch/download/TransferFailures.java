package dev.finch.download;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;

/** How a file's transfer can fail, in words. */
final class TransferFailures {

  private TransferFailures() {}

  static Failure ofRangeFetch(Address address, Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof FinchException known) {
        return known.failure();
      }
    }
    return HubFailures.unreachable(address, null, cause);
  }

  static Failure cut(Address address) {
    return Failure.passing(
        FailureCode.HUB_UNREACHABLE,
        address.host() + " ended the transfer early, again and again.",
        "What came is kept; the next attempt continues there.");
  }

  static Failure rangeIgnored(Address address) {
    return Failure.passing(
        FailureCode.HUB_PROTOCOL,
        address.host() + " sends something else than the range that was asked for.",
        "A proxy or mirror between here and the Hub may be broken; try another network.");
  }

  static Failure stale(RemoteFile file, Address address) {
    return Failure.passing(
        FailureCode.HUB_PROTOCOL,
        address.host()
            + " refuses the signed addresses that the Hub gives for "
            + file.path()
            + ".",
        "A clock that is wrong, or a proxy that changes addresses, can be the cause.");
  }

  static Failure changed(String repository, RemoteFile file, Hub.Location found) {
    return Failure.permanent(
        FailureCode.CHECKSUM_MISMATCH,
        repository
            + "/"
            + file.path()
            + " is another file at the Hub: expected "
            + file.size()
            + " bytes with hash "
            + file.blob().etag()
            + ", it offers "
            + found.size()
            + " bytes with hash "
            + (found.blob() == null ? "unknown" : found.blob().etag())
            + ".",
        "Nothing was kept. Check HF_ENDPOINT, or name a revision after '@'.");
  }

  static Failure mismatch(String repository, RemoteFile file, String actual) {
    return Failure.permanent(
        FailureCode.CHECKSUM_MISMATCH,
        repository
            + "/"
            + file.path()
            + " arrived damaged twice: its hash is "
            + actual
            + ", expected "
            + file.blob().etag()
            + ".",
        "Nothing was kept. A proxy or mirror on the way changes bytes; try another network.");
  }
}
