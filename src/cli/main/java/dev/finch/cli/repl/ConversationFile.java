package dev.finch.cli.repl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.cli.launch.PrivateFiles;
import dev.finch.cli.launch.TextInput;
import dev.finch.cli.launch.UsageException;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.Privacy;
import dev.finch.inference.Role;
import dev.finch.settings.SpecialFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A conversation as JSON, readable by its owner only. */
final class ConversationFile {

  /** What such a file holds. */
  record Loaded(@Nullable String system, List<ChatMessage> turns) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  private ConversationFile() {}

  static void write(Path path, @Nullable String system, List<ChatMessage> turns) {
    ObjectNode root = JSON.createObjectNode();
    root.put("system", system);
    var messages = root.putArray("messages");
    for (ChatMessage turn : turns) {
      messages
          .addObject()
          .put("role", turn.role().name().toLowerCase(Locale.ROOT))
          .put("content", turn.content())
          .put("private", turn.privacy() == Privacy.LOCAL_ONLY);
    }
    try {
      SpecialFile special = SpecialFile.of(path);
      if (special != null) {
        throw failure(path + " is " + special.description() + "; name a file to save to.");
      }
      PrivateFiles.file(path);
      Files.writeString(path, root.toPrettyString() + "\n");
    } catch (NoSuchFileException e) {
      throw failure(path + " cannot be written: there is no such directory.");
    } catch (AccessDeniedException e) {
      throw failure(path + " cannot be written: permission denied.");
    } catch (IOException e) {
      throw failure(Failure.sentence(path + " cannot be written: " + e.getMessage()));
    }
  }

  /**
   * Reads one. Blocks as {@link TextInput#file} does.
   *
   * @param told hears of what is waited for
   */
  static Loaded read(Path path, Consumer<String> told) {
    try {
      JsonNode root = JSON.readTree(TextInput.file(path.toString(), told));
      if (!root.path("messages").isArray()) {
        throw foreign(path);
      }
      List<ChatMessage> turns = new ArrayList<>();
      for (JsonNode message : root.path("messages")) {
        turns.add(
            ChatMessage.of(
                    Role.valueOf(message.path("role").asText().toUpperCase(Locale.ROOT)),
                    message.path("content").asText())
                .withPrivacy(
                    message.path("private").asBoolean()
                        ? Privacy.LOCAL_ONLY
                        : Privacy.LOCAL_FIRST));
      }
      return new Loaded(root.path("system").asText(null), turns);
    } catch (UsageException e) {
      throw failure(String.valueOf(e.getMessage()));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw foreign(path);
    }
  }

  private static FinchException foreign(Path path) {
    return failure(path + " is no conversation that /save wrote.");
  }

  private static FinchException failure(String message) {
    return new FinchException(Failure.permanent(FailureCode.BAD_REQUEST, message, null));
  }
}
