package dev.finch.http;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A key that a client may present, held only as its digest.
 *
 * @param name whose key it is, for logs
 * @param digest SHA-256 of the key
 * @param admin whether it may load, unload, fetch and remove models, and name files
 */
public record ApiKey(String name, String digest, boolean admin) {

  public ApiKey {
    requireNonNull(name, "name");
    requireNonNull(digest, "digest");
  }

  static ApiKey of(String name, String key, boolean admin) {
    return new ApiKey(name, digestOf(key), admin);
  }

  /** Whether this is the key, told in the same time for every candidate. */
  boolean matches(String candidateDigest) {
    return MessageDigest.isEqual(
        digest.getBytes(StandardCharsets.US_ASCII),
        candidateDigest.getBytes(StandardCharsets.US_ASCII));
  }

  static String digestOf(String key) {
    try {
      byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every Java platform has SHA-256", e);
    }
  }
}
