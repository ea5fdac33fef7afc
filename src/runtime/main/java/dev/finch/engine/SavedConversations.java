package dev.finch.engine;

import dev.finch.failure.FinchException;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelInfo;
import dev.finch.platform.OwnerOnly;
import dev.finch.platform.Ownership;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The caches of long conversations on disk, so that one that gave way to others, or whose model was
 * unloaded, does not have to be processed again. A file that cannot be written or read costs time,
 * never an answer.
 *
 * <p>The files hold what was said; they lie in a directory that only its owner can read.
 */
final class SavedConversations {

  private static final Logger LOG = LoggerFactory.getLogger(SavedConversations.class);

  private final Engine engine;
  private final @Nullable Path directory;
  private final String model;
  private final int leastTokens;
  private final int most;

  /**
   * @param model tells this model with this kind of cache from every other
   */
  SavedConversations(Engine engine, EngineSettings.Saving saving, String model) {
    this.engine = engine;
    this.model = model;
    directory = saving.directory();
    leastTokens = saving.leastTokens();
    most = saving.most();
  }

  /** Those of this model, which no other model and no other kind of cache can read. */
  static SavedConversations of(
      Engine engine, EngineSettings settings, ModelInfo info, LocalModel model) {
    StringBuilder kind = new StringBuilder();
    for (Path path : model.files()) {
      File file = path.toFile();
      kind.append(path).append(' ').append(file.length()).append(' ');
      kind.append(file.lastModified()).append('\n');
    }
    kind.append(' ').append(settings.kvType()).append(' ').append(info.library());
    return new SavedConversations(engine, settings.saving(), kind.toString());
  }

  /** Saves a sequence if it is long enough. */
  void save(int sequence, int[] tokens, String conversation, Map<String, Double> adapters) {
    if (directory == null || tokens.length < leastTokens) {
      return;
    }
    Path file = directory.resolve(name(conversation, adapters));
    try {
      OwnerOnly.createDirectories(directory);
      prune(directory);
      engine.save(sequence, tokens, file);
    } catch (IOException | FinchException e) {
      LOG.debug("A conversation could not be saved", e);
    }
  }

  /** Reads a saved conversation into an empty sequence; its tokens, none where there is none. */
  int[] restore(int sequence, String conversation, Map<String, Double> adapters) {
    if (directory == null) {
      return new int[0];
    }
    Path file = directory.resolve(name(conversation, adapters));
    int[] tokens = isOurs(directory) && isOurs(file) ? engine.restore(sequence, file) : null;
    return tokens == null ? new int[0] : tokens;
  }

  /** Native code takes what it reads there on trust. */
  private static boolean isOurs(Path path) {
    try {
      return Ownership.doubt(path) == null;
    } catch (IOException e) {
      return false;
    }
  }

  private String name(String conversation, Map<String, Double> adapters) {
    String identity = model + "\n" + new TreeMap<>(adapters) + "\n" + conversation;
    return sha256(identity) + ".kv";
  }

  /** Makes room for one more by removing what was not written for longest. */
  private void prune(Path directory) throws IOException {
    List<Path> files;
    try (var all = Files.list(directory)) {
      files =
          all.sorted(Comparator.comparingLong(SavedConversations::lastWritten).reversed()).toList();
    }
    for (Path old : files.subList(Math.min(most - 1, files.size()), files.size())) {
      Files.deleteIfExists(old);
    }
  }

  private static long lastWritten(Path file) {
    return file.toFile().lastModified();
  }

  private static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
