package dev.finch;

import dev.finch.model.License;
import dev.finch.model.ModelReference;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One model as {@code finch models} lists it.
 *
 * @param reference how to name it
 * @param name for people
 * @param repository where it comes from, empty where it comes from no Hub
 * @param downloadBytes what a download takes in bytes, empty where unknown
 * @param memoryBytes what it takes in memory at the default context length, empty where unknown
 * @param license empty where unknown
 * @param cachedBytes bytes of it in the cache; 0 where none
 * @param cached whether all its files are in the cache
 * @param revision the branches and the short commit of what is cached, empty where nothing is
 * @param verified whether all that is cached of it was hashed and found right
 * @param chosen whether selection would take it on this machine
 * @param loaded whether it serves now
 * @param details what its files say, empty where it is not cached or they cannot be read
 */
public record ModelListing(
    ModelReference reference,
    String name,
    Optional<String> repository,
    OptionalLong downloadBytes,
    OptionalLong memoryBytes,
    Optional<License> license,
    long cachedBytes,
    boolean cached,
    Optional<String> revision,
    boolean verified,
    boolean chosen,
    boolean loaded,
    Optional<Details> details) {

  /**
   * What the files of a cached model say.
   *
   * @param architecture llama.cpp's name, for example {@code qwen2}
   * @param parameters weights, counted
   * @param quantization for example {@code Q4_K_M}
   * @param contextLength tokens that it was trained for
   * @param digest the SHA-256 of its first file in hexadecimal, empty where the cache does not know
   *     it
   * @param modifiedAt when its first file was written, empty where unknown
   */
  public record Details(
      String architecture,
      long parameters,
      String quantization,
      int contextLength,
      Optional<String> digest,
      Optional<Instant> modifiedAt) {}
}
