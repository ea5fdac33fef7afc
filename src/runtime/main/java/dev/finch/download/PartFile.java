package dev.finch.download;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A blob on its way: the bytes that have come, and beside them which ones those are.
 *
 * <p>Data is forced to disk before the state that speaks of it, and the state is replaced as a
 * whole, so a crash at any point leaves a state that is true of the bytes. Blocking. Writes to
 * disjoint ranges may run at once.
 */
final class PartFile implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int VERSION = 1;
  private static final long ROOM_FOR_STATE = 64 * 1024;

  private final RemoteFile file;
  private final Path part;
  private final Path state;
  private final FileChannel channel;
  private final RangeSet found;
  private volatile PieceHasher hasher;

  private PartFile(RemoteFile file, Path part, Path state, FileChannel channel, RangeSet found) {
    this.file = file;
    this.part = part;
    this.state = state;
    this.channel = channel;
    this.found = found;
    this.hasher = new PieceHasher(this);
  }

  /**
   * Opens the part of a blob, with what an earlier run left of it.
   *
   * @param resumable whether this process holds the blob's lock; without it, the part has a name of
   *     its own that nobody else continues
   */
  static PartFile open(Path blobs, RemoteFile file, boolean resumable) throws IOException {
    Files.createDirectories(blobs);
    String name =
        resumable
            ? file.blob().etag()
            : file.blob().etag() + "." + Integer.toHexString(ThreadLocalRandom.current().nextInt());
    Path part = blobs.resolve(name + CacheLayout.PART);
    Path state = blobs.resolve(name + CacheLayout.STATE);
    RangeSet found = committed(file, part, state);
    FileChannel channel =
        FileChannel.open(
            part, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    if (found.ranges().isEmpty() || channel.size() > file.size()) {
      channel.truncate(found.ranges().isEmpty() ? 0 : file.size());
    }
    return new PartFile(file, part, state, channel, found);
  }

  /** The bytes that an earlier run left of a blob and that need not come again. */
  static long resumable(Path blobs, RemoteFile file) {
    Path part = blobs.resolve(file.blob().etag() + CacheLayout.PART);
    Path state = blobs.resolve(file.blob().etag() + CacheLayout.STATE);
    return committed(file, part, state).size();
  }

  RemoteFile file() {
    return file;
  }

  /** What was there when the part was opened. */
  RangeSet found() {
    return found;
  }

  /** The hash of what is there, as far as it is known. */
  PieceHasher hasher() {
    return hasher;
  }

  /** Writes the first {@code count} bytes, and hashes them where nothing before them is missing. */
  void write(byte[] bytes, int count, long position) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
    while (buffer.hasRemaining()) {
      channel.write(buffer, position + buffer.position());
    }
    hasher.wrote(bytes, count, position);
  }

  /** Fills the buffer from {@code position}, up to the part's end. */
  void read(ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      int count = channel.read(bytes, at);
      if (count < 0) {
        throw new IOException("The part " + part + " was cut short by somebody else");
      }
      at += count;
    }
  }

  /** Makes what has come survive a crash. */
  synchronized void persist(RangeSet committed) throws IOException {
    channel.force(false);
    ObjectNode json = JSON.createObjectNode();
    json.put("version", VERSION).put("etag", file.blob().etag()).put("size", file.size());
    json.put("path", file.path());
    ArrayNode ranges = json.putArray("committed");
    committed.ranges().forEach(range -> ranges.addArray().add(range.from()).add(range.to()));
    Path fresh = state.resolveSibling(state.getFileName() + CacheLayout.FRESH);
    Files.write(fresh, JSON.writeValueAsBytes(json));
    Files.move(fresh, state, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Forgets everything that has come. */
  void reset() throws IOException {
    Files.deleteIfExists(state);
    channel.truncate(0);
    hasher = new PieceHasher(this);
  }

  /** Puts the finished, verified part in the blob's place. */
  void publish(Path blob) throws IOException {
    channel.truncate(file.size());
    channel.force(true);
    channel.close();
    Files.move(part, blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(state);
  }

  /**
   * Closes the part, where it is still open, and removes it where nobody could continue it or
   * nothing has come.
   */
  synchronized void leave(RangeSet committed) throws IOException {
    if (!channel.isOpen()) {
      return;
    }
    boolean own = part.getFileName().toString().equals(file.blob().etag() + CacheLayout.PART);
    if (own && committed.size() > 0) {
      persistOnFullDisk(committed);
      channel.close();
    } else {
      channel.close();
      Files.deleteIfExists(part);
      Files.deleteIfExists(state);
    }
  }

  /** On a full disk the end of the part makes room for the state, which is worth more. */
  private void persistOnFullDisk(RangeSet committed) throws IOException {
    try {
      persist(committed);
    } catch (IOException e) {
      if (!DiskFailures.diskFull(e)) {
        throw e;
      }
      long end = committed.ranges().getLast().to();
      long shorter = Math.max(0, end - ROOM_FOR_STATE);
      channel.truncate(shorter);
      persist(committed.below(shorter));
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static RangeSet committed(RemoteFile file, Path part, Path state) {
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(state));
      boolean ours =
          json.path("version").asInt() == VERSION
              && json.path("etag").asText().equals(file.blob().etag())
              && json.path("size").asLong(-1) == file.size();
      RangeSet ranges = RangeSet.EMPTY;
      if (ours) {
        for (JsonNode range : json.path("committed")) {
          ranges = ranges.with(new ByteRange(range.path(0).asLong(), range.path(1).asLong()));
        }
      }
      return ranges.below(Math.min(file.size(), Files.size(part)));
    } catch (IOException | IllegalArgumentException e) {
      return RangeSet.EMPTY;
    }
  }
}
