package dev.finch.http;

import dev.finch.failure.FinchException;
import dev.finch.settings.SpecialFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that open the door: those of the configuration, and those of a file that operators
 * change while Finch runs. A file that cannot be read, or holds a wrong line, leaves the keys as
 * they were. Thread-safe.
 */
final class KeyRing {

  private static final Logger LOG = LoggerFactory.getLogger(KeyRing.class);

  private final List<ApiKey> fixed;
  private final @Nullable Path file;
  private final boolean needed;
  private volatile List<ApiKey> all;
  private @Nullable FileTime read;

  KeyRing(HttpSettings settings) {
    this.fixed = settings.apiKeys();
    this.file = settings.apiKeysFile();
    this.needed = settings.asksForKeys();
    this.all = fixed;
    refresh();
  }

  /** Whether a key is asked for; a file that has become empty does not open the door. */
  boolean needed() {
    return needed;
  }

  /** The key with this digest, found in the same time for every candidate; or null. */
  @Nullable ApiKey find(String digest) {
    ApiKey found = null;
    for (ApiKey key : all) {
      if (key.matches(digest)) {
        found = key;
      }
    }
    return found;
  }

  /** Reads the file again where it has changed. Blocks for as long as the disk takes. */
  synchronized void refresh() {
    if (file == null) {
      return;
    }
    try {
      FileTime written = Files.getLastModifiedTime(file);
      if (written.equals(read)) {
        return;
      }
      if (SpecialFile.of(file) != null) {
        throw new IOException("It is no file any more.");
      }
      List<ApiKey> keys = new ArrayList<>(fixed);
      keys.addAll(ApiKeys.in(file, fixed.size()));
      if (read != null) {
        LOG.info("{} has changed: {} API keys now.", file, keys.size());
      }
      all = List.copyOf(keys);
      read = written;
    } catch (IOException | FinchException e) {
      LOG.warn("{} could not be read again; the API keys stay as they were.", file, e);
    }
  }
}
