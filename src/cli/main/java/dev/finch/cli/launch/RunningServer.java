package dev.finch.cli.launch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Where {@code finch serve} runs, for {@code --server auto}: a file in the state directory. */
public final class RunningServer {

  private static final ObjectMapper JSON = new ObjectMapper();

  private RunningServer() {}

  /**
   * Says it until the result is closed. A state directory that cannot be written is no obstacle.
   */
  public static Announcement announce(Path stateDirectory, String url) {
    Path file = file(stateDirectory);
    try {
      if (PrivateFiles.directory(stateDirectory)) {
        Path part = stateDirectory.resolve("server.json." + ProcessHandle.current().pid());
        PrivateFiles.file(part);
        Files.writeString(
            part,
            JSON.createObjectNode()
                .put("url", url)
                .put("pid", ProcessHandle.current().pid())
                .toString());
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      return () -> {};
    }
    return () -> withdraw(file);
  }

  /**
   * The URL of the server that runs here.
   *
   * @throws UsageException where none does
   */
  static String find(Path stateDirectory) {
    try {
      JsonNode node = JSON.readTree(Files.readString(file(stateDirectory)));
      boolean alive =
          ProcessHandle.of(node.path("pid").asLong()).map(ProcessHandle::isAlive).orElse(false);
      if (alive) {
        return node.path("url").asText();
      }
    } catch (IOException e) {
      // Absent or cut short means the same: nobody serves.
    }
    throw new UsageException(
        "--server auto: no `finch serve` runs here. Start one, or give its URL.");
  }

  /** Whether one runs here. */
  public static boolean isThere(Path stateDirectory) {
    try {
      find(stateDirectory);
      return true;
    } catch (UsageException e) {
      return false;
    }
  }

  private static void withdraw(Path file) {
    try {
      JsonNode node = JSON.readTree(Files.readString(file));
      if (node.path("pid").asLong() == ProcessHandle.current().pid()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // A later server took the file over, or the directory is gone.
    }
  }

  private static Path file(Path stateDirectory) {
    return stateDirectory.resolve("server.json");
  }

  /** The file's life. */
  public interface Announcement extends AutoCloseable {
    @Override
    void close();
  }
}
