package dev.finch.cli.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.FinchException;
import dev.finch.inference.ChatMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConversationFileTest {

  @TempDir Path directory;

  @Test
  void readsWhatItWrote() {
    Path file = directory.resolve("talk.json");
    List<ChatMessage> turns =
        List.of(ChatMessage.user("Hi"), ChatMessage.assistant("Hello", List.of()));
    ConversationFile.write(file, "Be brief", turns);
    ConversationFile.Loaded loaded = ConversationFile.read(file, _ -> {});
    assertEquals("Be brief", loaded.system());
    assertEquals(
        List.of("Hi", "Hello"), loaded.turns().stream().map(ChatMessage::content).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"root:x:0:0", "{}", "[]", "{\"messages\": [{\"role\": \"nobody\"}]}"})
  void refusesWhatIsNoConversationInOneLine(String text) throws Exception {
    Path file = Files.writeString(directory.resolve("other"), text);
    FinchException refused =
        assertThrows(FinchException.class, () -> ConversationFile.read(file, _ -> {}));
    assertEquals(file + " is no conversation that /save wrote.", refused.failure().message());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/full", "/dev/zero"})
  void savesToFilesOnly(String device) {
    FinchException refused =
        assertThrows(
            FinchException.class, () -> ConversationFile.write(Path.of(device), null, List.of()));
    assertTrue(refused.failure().message().contains("another device"));
  }

  @Test
  void saysThatADirectoryIsMissing() {
    Path file = directory.resolve("nowhere").resolve("talk.json");
    FinchException refused =
        assertThrows(FinchException.class, () -> ConversationFile.write(file, null, List.of()));
    assertEquals(
        file + " cannot be written: there is no such directory.", refused.failure().message());
  }
}
